// Runs coroutines side by side on the caller's executor and waits for all of them.
#pragma once

#include <vector>

#include "base/async.h"

namespace dossier::base {

// The caller limits how many there are. When all have ended, the first exception of any is thrown on. The
// executor runs one thing at a time, as each event loop does.
awaitable<void> when_all(std::vector<awaitable<void>> all);

}  // namespace dossier::base
