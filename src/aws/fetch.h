// A plain request to an endpoint that hands out credentials, with a few attempts.
#pragma once

#include <string_view>

#include "aws/error.h"
#include "aws/transport.h"
#include "base/async.h"

namespace dossier::aws {

// The answer when its status is 2xx; otherwise an error with the code of the status, or of the transport.
// Broken connections and 5xx are tried again, at once, up to three times in all. `whose` is for messages:
// "container".
awaitable<outcome<response>> fetch(transport& via, http_request what, std::string_view whose);

}  // namespace dossier::aws
