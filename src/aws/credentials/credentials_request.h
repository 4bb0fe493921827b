// A plain request to an endpoint that hands out credentials, with a few attempts.
#pragma once

#include <string_view>

#include "aws/error.h"
#include "aws/transport/transport.h"
#include "base/async.h"

namespace dossier::aws {

// Returns the answer when its status is 2xx. Otherwise returns an error with AWS's code, or with a code for
// the status or the transport's problem. Errors that may be temporary (no connection, a time-out, 5xx, too
// many requests) are tried again after a pause, up to `attempts` (1 to 10) in all. `whose` names the service:
// "container".
awaitable<outcome<response>> request_credentials(transport& via, http_request what, std::string_view whose,
                                                 int attempts = 3);

}  // namespace dossier::aws
