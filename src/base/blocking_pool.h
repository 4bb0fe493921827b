// A bounded pool of threads for work that blocks or computes for long: fsync, reads of a database.
//
//   auto size = co_await pool.run([&] { return measure(path); });
//
// The coroutine goes on where it was (on its own executor) with what the function returned or threw. The
// function may refer to the coroutine's variables: the coroutine waits for it and cannot be cancelled.
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
  // Jobs wait in line once all threads are busy.
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

  // Returns once no job is left and every coroutine that waited for one was posted to its event loop. Call it
  // before those loops end, and not on a thread of the pool.
  void wait_until_idle();

  // From any thread; does not wait.
  void post(std::move_only_function<void()> job);

 private:
  awaitable<void> run_job(std::move_only_function<void()> job);

  struct threads;
  std::unique_ptr<threads> threads_;
};

}  // namespace dossier::base
