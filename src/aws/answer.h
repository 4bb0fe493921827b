// Turns an answer of AWS into a value or an error. The client uses this for what the transport returns.
#pragma once

#include <string_view>

#include "aws/error.h"
#include "aws/request.h"
#include "aws/retry.h"
#include "aws/transport/transport.h"
#include "base/async.h"

namespace dossier::aws {

// Reads the error from XML (S3, STS), from JSON (all others), or from the status when there is no body
// (answers to HEAD). Pure.
error parse_error(std::string_view service, const response& answer);

// Whether the body is an error document. S3 may answer 200 and fail after that; then the body is one. Pure.
bool is_error_document(std::string_view body);

// Returns an answer with status 2xx; any other answer becomes an error. The body of a streamed error is read,
// up to a limit.
awaitable<outcome<response>> outcome_of(const request& what, sent<response> answered);
awaitable<outcome<streamed_response>> outcome_of(const request& what, sent<streamed_response> answered);

// The client calls it once for each failed call. It logs errors that the domain expects (not_found, conflict,
// stale) at debug level, calls that AWS refused as errors, with the permission's name, and all others as
// warnings.
void log_failure(const operation& what, const error& failed, int attempts);

}  // namespace dossier::aws
