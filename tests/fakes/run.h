// Runs a coroutine to its end, on a loop of its own in this thread, and answers what it returned or threw.
//
//   auto person = fakes::run_sync(records.find_person({1}));
#pragma once

#include <exception>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "base/async.h"

namespace dossier::fakes {

template <class T>
T run_sync(awaitable<T> work) {
  asio::io_context loop(1);
  std::exception_ptr thrown;
  bool ended = false;
  if constexpr (std::is_void_v<T>) {
    asio::co_spawn(loop, std::move(work), [&](const std::exception_ptr& problem) {
      thrown = problem;
      ended = true;
    });
    loop.run();
    if (thrown) std::rethrow_exception(thrown);
    if (!ended) throw std::logic_error("the coroutine waits for something that never comes");
  } else {
    std::optional<T> answer;
    asio::co_spawn(loop, std::move(work), [&](const std::exception_ptr& problem, T value) {
      thrown = problem;
      ended = true;
      if (!problem) answer.emplace(std::move(value));
    });
    loop.run();
    if (thrown) std::rethrow_exception(thrown);
    if (!ended) throw std::logic_error("the coroutine waits for something that never comes");
    return std::move(*answer);
  }
}

}  // namespace dossier::fakes
