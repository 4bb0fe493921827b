#include "base/waiting.h"

#include <stdexcept>
#include <string>
#include <utility>

#include <gtest/gtest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace dossier::base {
namespace {

// Goes to the back of the loop's queue `turns` times, then notes its end.
awaitable<void> take_turns(asio::io_context& loop, int turns, std::string name, std::string& ended) {
  for (int i = 0; i < turns; ++i) co_await asio::post(loop, asio::use_awaitable);
  ended += name;
}

awaitable<void> fail_after(asio::io_context& loop, int turns, std::string what) {
  for (int i = 0; i < turns; ++i) co_await asio::post(loop, asio::use_awaitable);
  throw std::runtime_error(what);
}

// What was thrown, or empty.
std::string run_all(asio::io_context& loop, std::vector<awaitable<void>> all) {
  std::string thrown;
  bool done = false;
  asio::co_spawn(loop, when_all(std::move(all)), [&](std::exception_ptr problem) {
    done = true;
    try {
      if (problem) std::rethrow_exception(problem);
    } catch (const std::exception& e) {
      thrown = e.what();
    }
  });
  loop.run();
  EXPECT_TRUE(done);
  return thrown;
}

TEST(when_all, of_nothing_returns) {
  asio::io_context loop;
  EXPECT_EQ(run_all(loop, {}), "");
}

TEST(when_all, runs_side_by_side_and_waits_for_the_last) {
  asio::io_context loop;
  std::string ended;
  std::vector<awaitable<void>> all;
  all.push_back(take_turns(loop, 9, "slow ", ended));
  all.push_back(take_turns(loop, 1, "fast ", ended));
  all.push_back(take_turns(loop, 0, "now ", ended));
  EXPECT_EQ(run_all(loop, std::move(all)), "");
  EXPECT_EQ(ended, "now fast slow ");
}

TEST(when_all, throws_the_first_failure_on_after_all_have_ended) {
  asio::io_context loop;
  std::string ended;
  std::vector<awaitable<void>> all;
  all.push_back(fail_after(loop, 3, "second"));
  all.push_back(fail_after(loop, 1, "first"));
  all.push_back(take_turns(loop, 9, "slow", ended));
  EXPECT_EQ(run_all(loop, std::move(all)), "first");
  EXPECT_EQ(ended, "slow");
}

}  // namespace
}  // namespace dossier::base
