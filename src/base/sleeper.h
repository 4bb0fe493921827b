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

  // Returns after this long, or soon after wake(), also one that came before the sleep. One sleeper at a
  // time, on an executor that runs one thing at a time.
  awaitable<void> sleep(std::chrono::milliseconds at_most);
  // From any thread; cheap when it was woken already.
  void wake();

 private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace dossier::base
