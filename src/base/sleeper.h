// A sleep that other code can end early. Background coroutines use it to wait for work.
#pragma once

#include <chrono>
#include <memory>

#include "base/async.h"

namespace dossier::base {

class sleeper {
 public:
  sleeper();
  ~sleeper();

  // Returns after this time, or soon after wake(). A wake() that came before the sleep counts too. Only one
  // coroutine may sleep at a time, on an executor that runs one handler at a time.
  awaitable<void> sleep(std::chrono::milliseconds at_most);
  // May be called from any thread. It is cheap when wake() was called already.
  void wake();

 private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace dossier::base
