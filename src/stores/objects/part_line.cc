#include "stores/objects/part_line.h"

#include <algorithm>
#include <exception>
#include <list>
#include <optional>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>

#include "base/sleeper.h"

namespace dossier::stores {

using aws::s3::uploaded_part;
using base::result;

// Shared with every part that runs, because those may outlive the line.
struct part_line::state {
  void end(std::list<asio::cancellation_signal>::iterator which) {
    // Not destroyed here: whoever ended may still be in the middle of its signal.
    ended.splice(ended.end(), running, which);
    changed.wake();
  }

  std::vector<uploaded_part> arrived;
  std::optional<base::error> failure;
  std::exception_ptr thrown;
  std::list<asio::cancellation_signal> running;
  std::list<asio::cancellation_signal> ended;
  base::sleeper changed;
};

part_line::part_line() : state_(std::make_shared<state>()) {}

part_line::~part_line() = default;

awaitable<void> part_line::start(awaitable<result<uploaded_part>> part) {
  const auto executor = co_await asio::this_coro::executor;
  state_->ended.clear();
  const auto mine = state_->running.emplace(state_->running.end());
  auto ended = [state = state_, mine](const std::exception_ptr& thrown, result<uploaded_part> answer) {
    if (thrown) {
      if (!state->thrown) state->thrown = thrown;
    } else if (answer) {
      state->arrived.push_back(std::move(*answer));
    } else if (!state->failure) {
      state->failure = std::move(answer.error());
    }
    state->end(mine);
  };
  asio::co_spawn(executor, std::move(part), asio::bind_cancellation_slot(mine->slot(), std::move(ended)));
}

awaitable<void> part_line::wait_below(int count) {
  while (std::ssize(state_->running) >= count) co_await state_->changed.sleep(std::chrono::hours(1));
  if (state_->thrown) std::rethrow_exception(state_->thrown);
}

awaitable<void> part_line::cancel() {
  for (auto at = state_->running.begin(); at != state_->running.end();) {
    auto& signal = *at++;
    signal.emit(asio::cancellation_type::terminal);
  }
  while (!state_->running.empty()) co_await state_->changed.sleep(std::chrono::hours(1));
}

const base::error* part_line::failure() const {
  return state_->failure ? &*state_->failure : nullptr;
}

std::vector<uploaded_part> part_line::arrived() const {
  auto all = state_->arrived;
  std::ranges::sort(all, {}, &uploaded_part::number);
  return all;
}

}  // namespace dossier::stores
