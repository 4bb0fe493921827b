// Reads a submission from a request's body into the domain: multipart with fields and files (any order), or,
// for the API, JSON without files. Shared by the form and the API.
#pragma once

#include <optional>
#include <string>

#include "base/async.h"
#include "base/result.h"
#include "domain/intake.h"
#include "domain/validation.h"
#include "http/message.h"
#include "web/context.h"
#include "web/submission_fields.h"

namespace dossier::web {

struct received_submission {
  domain::details_draft typed;  // what was typed, as UTF-8, to show it again beside the errors
  std::string idempotency_key;  // the one it was sent with; empty: none
  base::result<domain::submission_outcome> outcome;
};

// Fields: name, location, age, technology, idempotency_key; files: file_name and photo, any number of each;
// a file input in which nothing was chosen counts as none. Nothing that was sent for a file is passed over: a
// part without a file name, or with one that cannot be read, is refused, and so is a file in another field.
// Other fields are ignored on a page and refused from a program (submission_fields.h).
//
// The Idempotency-Key header wins over the field. The field must come before the first file, because the key
// is claimed with that file; the form puts it first.
//
// An application/x-www-form-urlencoded body is a form without files. JSON, for a program that sends a new
// person, needs no file. Errors: those of submission (intake.h), which says what they leave; malformed;
// too_large before the body is read where Content-Length tells.
awaitable<received_submission> receive_submission(http::request& req, const context& ctx,
                                                  std::optional<domain::person_id> person, sender from);

// The key for sending the same form again; empty: a new one. It goes on when the outcome is open or another
// attempt is under way, so that sending again cannot store it twice; after a refusal that is certain the next
// attempt is a new one.
std::string key_to_go_on(const received_submission& received);

// The type of a Content-Type header, lower case, without its parameters; empty when there is none.
std::string media_type_of(const http::request& req);

}  // namespace dossier::web
