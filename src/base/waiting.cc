#include "base/waiting.h"

#include <exception>
#include <mutex>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/expects.h"

namespace dossier::base {

awaitable<void> when_all(std::vector<awaitable<void>> all) {
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer finished(executor, asio::steady_timer::time_point::max());
  std::size_t left = all.size();
  std::exception_ptr first;
  for (auto& one : all) {
    asio::co_spawn(executor, std::move(one), [&](const std::exception_ptr& thrown) {
      if (thrown && !first) first = thrown;
      expects(left > 0, "each coroutine ends once");
      if (--left == 0) finished.cancel();
    });
  }
  if (left != 0) {
    boost::system::error_code cancelled;
    co_await finished.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  }
  if (first) std::rethrow_exception(first);
}

struct sleeper::state {
  std::mutex mutex;
  bool woken = false;
  asio::steady_timer* timer = nullptr;  // of the current sleep; null when nobody sleeps

  // The end of a sleep, for any reason: the coroutine may be destroyed while it waits.
  struct over {
    state& of;
    ~over() {
      const std::lock_guard lock(of.mutex);
      of.timer = nullptr;
    }
  };
};

sleeper::sleeper() : state_(std::make_shared<state>()) {}
sleeper::~sleeper() = default;

awaitable<void> sleeper::sleep(std::chrono::milliseconds at_most) {
  const auto state = state_;
  asio::steady_timer timer(co_await asio::this_coro::executor, at_most);
  {
    const std::lock_guard lock(state->mutex);
    if (std::exchange(state->woken, false)) co_return;
    state->timer = &timer;
  }
  const sleeper::state::over when_it_ends{*state};
  boost::system::error_code cancelled;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  const std::lock_guard lock(state->mutex);
  state->woken = false;
}

void sleeper::wake() {
  const std::lock_guard lock(state_->mutex);
  if (std::exchange(state_->woken, true) || state_->timer == nullptr) return;
  // The timer may be used only on its executor. There, check again whether the coroutine still sleeps.
  asio::post(state_->timer->get_executor(), [state = state_] {
    const std::lock_guard inner(state->mutex);
    if (state->timer != nullptr) state->timer->cancel();
  });
}

}  // namespace dossier::base
