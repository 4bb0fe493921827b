// A sleep that others may end early: how a background coroutine waits for work.
#pragma once

#include <chrono>
#include <memory>

#include "base/async.h"

namespace dossier::base {

class sleeper {
 public:
  sleeper();
  ~sleeper();

  // Returns after this time, or soon after wake(); a wake() that came before the sleep counts too. Only one
  // coroutine sleeps at a time, on an executor that runs one thing at a time.
  awaitable<void> sleep(std::chrono::milliseconds at_most);
  // From any thread; cheap when wake() was called already.
  void wake();

 private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace dossier::base
