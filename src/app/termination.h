// The signals that the process reacts to. SIGTERM and SIGINT ask for a clean end; a second one ends the
// process at once. SIGHUP asks to read the certificate again and to reopen the log file; but if standard
// error is a terminal, SIGHUP means that the terminal was closed, and asks for a clean end too.
#pragma once

#include <chrono>
#include <functional>

#include "http/server.h"
#include "stores/embedded.h"

namespace dossier::app {

// How long the steps of end_serving() may take.
struct ending_limits {
  std::chrono::milliseconds drain{10'000};  // for running requests
  std::chrono::milliseconds rest{20'000};   // for the stores to answer the requests that were cut then
};

struct ended {
  bool drained = false;  // every request was answered
  bool whole = false;    // nothing runs any more; else server and stores must not be destroyed
};

// Drains the server; then `stop_background` ends what runs beside the requests, the stores refuse the calls
// that still wait, the loops end, and the stores are closed. Only then may the server be destroyed: until a
// store's threads are joined, one of them may be waking a loop. `stop_background` may block.
ended end_serving(http::server& server, stores::opened_stores& stores,
                  const std::function<void()>& stop_background, ending_limits limits);

// Writes the lines of the log that still wait, and ends the process without destroying anything. The stores
// are then as after a crash, and the next start goes on from there.
[[noreturn]] void leave_unfinished(int exit_code);

class termination {
 public:
  // Blocks the signals in all threads, so that wait() gets them. Call it before any thread is started.
  termination();

  enum class told { nothing, reload, end };
  // Waits until a signal comes, or until the time is over. After `end` another SIGTERM or SIGINT ends the
  // process at once.
  told wait(std::chrono::milliseconds at_most);
  // Whether SIGTERM or SIGINT has come, and wait() has not taken it yet.
  static bool is_asked();

 private:
  bool on_terminal_;
};

}  // namespace dossier::app
