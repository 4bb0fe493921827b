// What an answer of AWS means: a value for the caller, or an error. Between the transport and the client.
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

// S3 may answer 200 and fail after that: then the body is an error. Pure.
bool is_error_document(std::string_view body);

// Status 2xx passes; all else becomes an error. The body of a streamed error is read, up to a limit.
awaitable<outcome<response>> outcome_of(const request& what, sent<response> answered);
awaitable<outcome<streamed_response>> outcome_of(const request& what, sent<streamed_response> answered);

// For the client, once for each failed call. Logs at debug level what the domain expects (not_found,
// conflict, stale), as an error what AWS refused, with the permission's name, and as a warning all else.
void log_failure(const operation& what, const error& failed, int attempts);

}  // namespace dossier::aws
