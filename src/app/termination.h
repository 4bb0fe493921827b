// What the process is told from outside: SIGTERM and SIGINT ask for a clean end, a second one ends the
// process at once; SIGHUP asks to read certificate and log file again. A SIGHUP to a process whose standard
// error is a terminal means that the terminal is gone: that is an end, too.
#pragma once

#include <chrono>

namespace dossier::app {

class termination {
 public:
  // Before any thread is started: the signals are held back in all of them, for wait().
  termination();

  enum class told { nothing, reload, end };
  // Blocks until one of them comes, or until the time is over. After `end` another one ends the process at
  // once.
  told wait(std::chrono::milliseconds at_most);
  // Whether one that ends has come already and is held back.
  static bool is_asked();

 private:
  bool on_terminal_;
};

}  // namespace dossier::app
