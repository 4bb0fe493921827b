// Runs one coroutine to its end on an event loop of its own, on this thread: for commands that do one thing.
#pragma once

#include <exception>
#include <optional>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "base/async.h"
#include "base/expects.h"

namespace dossier::app {

template <class T>
T run_to_end(awaitable<T> work) {
  asio::io_context loop(1);
  std::optional<T> answer;
  std::exception_ptr thrown;
  asio::co_spawn(loop, std::move(work), [&](const std::exception_ptr& problem, T value) {
    thrown = problem;
    if (!problem) answer.emplace(std::move(value));
  });
  loop.run();
  if (thrown) std::rethrow_exception(thrown);
  base::expects(answer.has_value(), "a loop runs until its coroutine has ended");
  return std::move(*answer);
}

}  // namespace dossier::app
