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

namespace dossier::web {

struct received_submission {
  domain::details_draft typed;  // what was typed, as UTF-8, to show it again beside the errors
  std::string idempotency_key;  // the one it was sent with; empty: none
  base::result<domain::submission_outcome> outcome;
};

// Fields: name, location, age, technology, idempotency_key; files: file_name and photo, any number of each;
// an empty file input counts as none. Of a field that is sent twice the first counts; other fields are
// ignored, other files are refused (nobody should believe that a file was kept that was not).
//
// The Idempotency-Key header wins over the field. The field must come before the first file, because the key
// is claimed with that file; the form puts it first.
//
// An application/x-www-form-urlencoded body is a form without files. JSON needs `allow_json`, and no file.
// On error nothing is kept. Errors: those of submission (intake.h); malformed; too_large before the body is
// read where Content-Length tells.
awaitable<received_submission> receive_submission(http::request& req, const context& ctx,
                                                  std::optional<domain::person_id> person, bool allow_json);

// The type of a Content-Type header, lower case, without its parameters; empty when there is none.
std::string media_type_of(const http::request& req);

}  // namespace dossier::web
