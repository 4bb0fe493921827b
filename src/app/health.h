// How each store is, for /healthz: all are asked at once, and none may take longer than a limit.
#pragma once

#include <chrono>
#include <vector>

#include "base/async.h"
#include "stores/embedded.h"
#include "web/context.h"

namespace dossier::app {

// The stores outlive the executor: a check that takes longer than the limit goes on after the answer.
awaitable<std::vector<web::store_health>> check_stores(const stores::opened_stores& opened,
                                                       std::chrono::milliseconds limit);

}  // namespace dossier::app
