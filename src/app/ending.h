// The end of serving, in the order that lets nobody answer to what is gone.
#pragma once

#include <chrono>
#include <functional>

#include "http/server.h"
#include "stores/embedded.h"

namespace dossier::app {

struct ending_limits {
  std::chrono::milliseconds drain{10'000};  // what running requests get
  std::chrono::milliseconds rest{20'000};   // what those get that were cut, for their stores to answer
};

struct ended {
  bool drained = false;  // every request was answered
  bool whole = false;    // nothing runs any more; else server and stores must not be destroyed
};

// Drains; then `stop_background` ends what runs beside the requests, the stores refuse who waits, the loops
// end, and the stores are closed: a thread of theirs may be in the middle of waking a loop until it is
// joined. Only then may the server be destroyed. `stop_background` may block.
ended end_serving(http::server& server, stores::opened_stores& stores,
                  const std::function<void()>& stop_background, ending_limits limits);

// Leaves the process where it stands, with nothing destroyed: what the stores hold is as after a crash, and
// the next start goes on from there. Writes the log.
[[noreturn]] void leave_unfinished(int exit_code);

}  // namespace dossier::app
