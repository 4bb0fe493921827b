// Runs coroutines side by side on the caller's executor and waits for all of them.
#pragma once

#include <vector>

#include "base/async.h"

namespace dossier::base {

// The caller bounds how many there are. An exception of one is thrown on after all have ended (the first
// one). The executor runs one thing at a time, as each event loop does.
awaitable<void> when_all(std::vector<awaitable<void>> all);

}  // namespace dossier::base
