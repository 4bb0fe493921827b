// Three ways for a coroutine to wait: for a value from another thread, for other coroutines, or for a time.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/async.h"
#include "base/expects.h"

namespace dossier::base {

// Resumes a suspended coroutine. Call it once, from any thread: the coroutine continues with this value, on
// its own executor. If it is kept
// in the coroutine's frame, move it out before the call, because the frame may be destroyed before the call
// returns.
template <class T>
using resumption = std::move_only_function<void(T)>;

// Suspends the coroutine until another thread delivers a value: calls `start` with the function that resumes
// it. When the coroutine is cancelled,
// `cancel` is called on the coroutine's executor, and must make sure that the coroutine is resumed soon.
template <class T, class Start, class Cancel>
awaitable<T> suspend(Start start, Cancel cancel) {
  const auto begin = [&start, &cancel](auto handler) {
    auto executor = asio::get_associated_executor(handler);
    auto slot = asio::get_associated_cancellation_slot(handler);
    auto work = asio::make_work_guard(executor);
    if (slot.is_connected()) {
      slot.assign([cancel](asio::cancellation_type kind) {
        if (kind != asio::cancellation_type::none) cancel();
      });
    }
    start(resumption<T>(
        [executor, slot, work = std::move(work), handler = std::move(handler)](T value) mutable {
          expects(work.owns_work(), "a coroutine is resumed once");
          // The work guard must live until post() has returned. Otherwise the event loop of the waiting
          // coroutine could end during post().
          asio::post(executor, [slot, handler = std::move(handler), value = std::move(value)]() mutable {
            if (slot.is_connected()) slot.clear();
            std::move(handler)(std::move(value));
          });
          work.reset();
        }));
  };
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(T)>(begin, asio::use_awaitable);
}

// Runs these coroutines on the caller's executor, in turns, and waits for all of them. The caller must limit
// their number. When all have ended, the first
// exception that any of them threw is thrown again. The executor must run one handler at a time, as each
// event loop does.
awaitable<void> when_all(std::vector<awaitable<void>> all);

// A sleep that other code can end early. Background coroutines use it to wait for work.
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
