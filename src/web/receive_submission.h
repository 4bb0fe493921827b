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
  domain::details_draft typed;  // what was typed, to show it again beside the errors
  base::result<domain::submission_outcome> outcome;
};

// Fields: name, location, age, technology, idempotency_key; files: file_name (and photo), any number; an empty
// file input counts as none. The Idempotency-Key header wins over the field. On error nothing is kept.
awaitable<received_submission> receive_submission(http::request& req, const context& ctx,
                                                  std::optional<domain::person_id> person, bool allow_json);

}  // namespace dossier::web
