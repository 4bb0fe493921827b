// A callback that is called after each call to a store. It feeds the metrics; the stores know nothing of
// them.
#pragma once

#include <chrono>
#include <functional>
#include <string_view>

namespace dossier::base {

// Called with, for example, ("records", "write", 3 ms, true), from any thread.
using call_observer = std::function<void(std::string_view store, std::string_view operation,
                                         std::chrono::nanoseconds took, bool worked)>;

}  // namespace dossier::base
