// What an answer means: a value of the caller's, or an error. Between the transport and the client.
#pragma once

#include "aws/error.h"
#include "aws/request.h"
#include "aws/retry.h"
#include "aws/transport.h"
#include "base/async.h"

namespace dossier::aws {

// Status 2xx passes; all else becomes an error. The body of a streamed error is read, up to a limit.
awaitable<outcome<response>> judge(const request& what, sent<response> answered);
awaitable<outcome<streamed_response>> judge(const request& what, sent<streamed_response> answered);

// The client logs each failed call once: loudly unless the domain expects it, a missing permission by name.
void log_failure(const operation& what, const error& failed, int attempts);

}  // namespace dossier::aws
