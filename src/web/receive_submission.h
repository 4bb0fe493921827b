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

// The fields are the details (domain/field.h) and idempotency_key. Files come in file_name and photo, any
// number in each; an input in which no file was chosen does not count. No file is silently left out: one
// without a name, with a name that cannot be read, or in another field is refused. Other fields are ignored
// when a page sends them, and refused when a program does (submission_fields.h).
//
// The Idempotency-Key header wins over the field. The field must come before the first file, because the key
// is claimed when that file is stored; the form on Dossier's page has it first.
//
// An application/x-www-form-urlencoded body is a form without files. A program that sends a new person may
// send JSON, which needs no file. Errors: those of submission (intake.h says what each leaves behind);
// malformed; too_large, before the body is read if Content-Length shows it.
awaitable<received_submission> receive_submission(http::request& req, const context& ctx,
                                                  std::optional<domain::person_id> person, sender from,
                                                  domain::actor by);

// The key for sending the same form again; empty: it needs a new one. The key stays the same when the outcome
// is unknown or another attempt is under way, so that sending again cannot store the form twice. If it is
// certain that nothing was stored, the next attempt gets a new key.
std::string key_to_go_on(const received_submission& received);

// The type of a Content-Type header, lower case, without its parameters; empty when there is none.
std::string media_type_of(const http::request& req);

}  // namespace dossier::web
