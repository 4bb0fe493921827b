#include "base/blocking_pool.h"

#include <atomic>
#include <latch>
#include <stdexcept>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

namespace dossier::base {
namespace {

struct observed {
  std::thread::id before, inside, after;
  std::string answer;
  std::string thrown;
};

awaitable<void> ask(blocking_pool& pool, observed& seen) {
  seen.before = std::this_thread::get_id();
  seen.answer = co_await pool.run([&] {
    seen.inside = std::this_thread::get_id();
    return std::string("answer");
  });
  seen.after = std::this_thread::get_id();
}

TEST(blocking_pool, runs_elsewhere_and_goes_on_where_it_was) {
  blocking_pool pool(1);
  asio::io_context loop;
  observed seen;
  asio::co_spawn(loop, ask(pool, seen), asio::detached);
  loop.run();
  EXPECT_EQ(seen.answer, "answer");
  EXPECT_NE(seen.inside, seen.before);
  EXPECT_EQ(seen.after, seen.before);
}

awaitable<void> ask_badly(blocking_pool& pool, observed& seen) {
  try {
    co_await pool.run([]() -> int { throw std::runtime_error("it burns"); });
  } catch (const std::runtime_error& problem) {
    seen.thrown = problem.what();
  }
}

TEST(blocking_pool, hands_on_what_was_thrown) {
  blocking_pool pool(1);
  asio::io_context loop;
  observed seen;
  asio::co_spawn(loop, ask_badly(pool, seen), asio::detached);
  loop.run();
  EXPECT_EQ(seen.thrown, "it burns");
}

awaitable<void> ask_for_nothing(blocking_pool& pool, std::atomic<int>& count) {
  co_await pool.run([&] { ++count; });
}

TEST(blocking_pool, makes_those_wait_that_come_when_all_threads_are_busy) {
  blocking_pool pool(2);
  asio::io_context loop;
  std::atomic<int> count = 0;
  for (int i = 0; i < 100; ++i) asio::co_spawn(loop, ask_for_nothing(pool, count), asio::detached);
  loop.run();
  EXPECT_EQ(count, 100);
}

TEST(blocking_pool, uses_all_its_threads_at_once) {
  std::latch all_there(3);  // outlives the pool, whose threads are the last to leave it
  blocking_pool pool(3);
  for (int i = 0; i < 3; ++i) pool.post([&] { all_there.arrive_and_wait(); });
  all_there.wait();  // hangs when fewer than three run side by side
}

TEST(blocking_pool, finishes_what_was_posted_before_it_goes) {
  std::atomic<int> count = 0;
  {
    blocking_pool pool(1);
    for (int i = 0; i < 50; ++i) pool.post([&] { ++count; });
  }
  EXPECT_EQ(count, 50);
}

}  // namespace
}  // namespace dossier::base
