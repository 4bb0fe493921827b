// Checks the health of each store, for /healthz. All are asked at the same time; a store that does not answer
// within the limit is not healthy.
#pragma once

#include <chrono>
#include <vector>

#include "base/async.h"
#include "stores/embedded.h"
#include "web/context.h"

namespace dossier::app {

// The stores must outlive the executor: a check that takes longer than the limit goes on after the answer.
awaitable<std::vector<web::store_health>> check_stores(const stores::opened_stores& opened,
                                                       std::chrono::milliseconds limit);

}  // namespace dossier::app
