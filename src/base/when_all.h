// Runs coroutines side by side on the caller's executor and waits for all of them.
#pragma once

#include <vector>

#include "base/async.h"

namespace dossier::base {

// All of them run at the same time, so the caller must limit their number. When all have ended, the first
// exception that any of them threw is thrown again. The executor must run one handler at a time, as each
// event loop does.
awaitable<void> when_all(std::vector<awaitable<void>> all);

}  // namespace dossier::base
