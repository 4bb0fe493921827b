// Who watches the calls to the stores: metrics, without the stores knowing of metrics.
#pragma once

#include <chrono>
#include <functional>
#include <string_view>

namespace dossier::base {

// (store, operation, how long, whether it worked): ("records", "write", 3 ms, true). From any thread.
using call_observer = std::function<void(std::string_view store, std::string_view operation,
                                         std::chrono::nanoseconds took, bool worked)>;

}  // namespace dossier::base
