// SIGTERM and SIGINT: the first asks for a clean end, a second one ends the process at once.
#pragma once

namespace dossier::app {

class termination {
 public:
  // Before any thread is started: the signals are held back in all of them, for wait().
  termination();
  // Blocks until one of them comes. From then on another one ends the process at once.
  void wait();
  // Whether one has come already and is held back.
  static bool is_asked();
};

}  // namespace dossier::app
