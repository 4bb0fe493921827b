// A plain request to an endpoint that hands out credentials, with a few attempts.
#pragma once

#include <string_view>

#include "aws/error.h"
#include "aws/transport/transport.h"
#include "base/async.h"

namespace dossier::aws {

// The answer when its status is 2xx; otherwise an error with the code of the status, or of the transport.
// What may work the next time (no connection, a time-out, 5xx, too many requests) is tried again after a
// pause. `whose` is for messages: "container".
awaitable<outcome<response>> request_credentials(transport& via, http_request what, std::string_view whose,
                                                 int attempts = 3);

}  // namespace dossier::aws
