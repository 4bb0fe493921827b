// A callback that is told of each call to a store: this feeds the metrics, of which the stores know nothing.
#pragma once

#include <chrono>
#include <functional>
#include <string_view>

namespace dossier::base {

// (store, operation, how long, whether it worked): ("records", "write", 3 ms, true). From any thread.
using call_observer = std::function<void(std::string_view store, std::string_view operation,
                                         std::chrono::nanoseconds took, bool worked)>;

}  // namespace dossier::base
