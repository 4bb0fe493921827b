// A bounded pool of threads for work that blocks or computes for long: fsync, reads of a database.
//
//   auto size = co_await pool.run([&] { return measure(path); });
//
// After that the coroutine continues on its own executor, with what the function returned or threw. The
// function may use the coroutine's variables by reference: the coroutine waits for it and cannot be cancelled
// meanwhile.
#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "base/async.h"

namespace dossier::base {

class blocking_pool {
 public:
  // Starts this many threads, at least 1. When all are busy, further jobs wait in a queue.
  explicit blocking_pool(unsigned threads);
  // Finishes all posted jobs first.
  ~blocking_pool();
  blocking_pool(const blocking_pool&) = delete;
  blocking_pool& operator=(const blocking_pool&) = delete;

  template <class Function>
  awaitable<std::invoke_result_t<Function&>> run(Function function) {
    using value = std::invoke_result_t<Function&>;
    if constexpr (std::is_void_v<value>) {
      co_await run_job([&] { function(); });
    } else {
      std::optional<value> answer;
      co_await run_job([&] { answer.emplace(function()); });
      co_return std::move(*answer);
    }
  }

  // Waits until no job is left and every coroutine that waited for a job has been posted back to its event
  // loop. Call it before those loops end, and not on a thread of the pool.
  void wait_until_idle();

  // Runs the job on a thread of the pool, and returns at once. May be called from any thread. The job must
  // not throw.
  void post(std::move_only_function<void()> job);

 private:
  awaitable<void> run_job(std::move_only_function<void()> job);

  struct threads;
  std::unique_ptr<threads> threads_;
};

}  // namespace dossier::base
