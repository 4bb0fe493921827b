#include "base/sleeper.h"

#include <mutex>

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace dossier::base {

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
