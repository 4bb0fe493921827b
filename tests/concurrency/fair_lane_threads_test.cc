// A lane that clients on several loops use at once: they enter, end and hang up, and the lane ends.
#include <atomic>
#include <deque>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include "base/blocking_pool.h"
#include "base/fair_lane.h"

namespace dossier::base {
namespace {

using namespace std::chrono_literals;

struct tally {
  std::atomic<int> on = 0;
  std::atomic<int> most = 0;
  std::atomic<int> worked = 0;
  std::atomic<int> refused = 0;
};

void work(const fair_lane::turn& turn, tally& seen) {
  const int now = ++seen.on;
  for (int most = seen.most; now > most && !seen.most.compare_exchange_weak(most, now);) {
  }
  for (int i = 0; i < 50 && !turn.is_given_up(); ++i) std::this_thread::yield();
  --seen.on;
}

awaitable<void> visit(fair_lane& lane, blocking_pool& pool, int number, tally& seen) {
  std::stop_source hang_up;
  const auto loop = co_await asio::this_coro::executor;
  // Some hang up while they wait or work.
  if (number % 3 == 0) asio::post(loop, [hang_up]() mutable { hang_up.request_stop(); });
  caller who{.name = std::to_string(number % 5), .watch = [hang_up] {
               return hang_up.get_token();
             }};
  auto turn = co_await lane.enter(std::move(who), number % 4 == 0);
  if (!turn) {
    ++seen.refused;
    co_return;
  }
  co_await pool.run([&] { work(*turn, seen); });
  ++seen.worked;
}

TEST(fair_lane_threads, all_who_come_are_served_or_refused_and_never_too_many_at_once) {
  constexpr int loops = 4, visitors = 500;
  tally seen;
  {
    blocking_pool pool(8);
    fair_lane lane({.places = 3, .lengthy = 2, .wait = 60s, .line = {.waiting = 200, .waiting_each = 60}});
    std::deque<asio::io_context> contexts;
    for (int i = 0; i < loops; ++i) {
      auto& context = contexts.emplace_back(1);
      for (int n = 0; n < visitors; ++n) {
        asio::co_spawn(context, visit(lane, pool, i * visitors + n, seen), asio::detached);
      }
    }
    std::deque<std::jthread> threads;
    for (auto& context : contexts) threads.emplace_back([&context] { context.run(); });
    while (seen.worked + seen.refused < loops * visitors / 2) std::this_thread::yield();
    lane.stop();
    threads.clear();
    EXPECT_EQ(lane.use().running, 0u);
    EXPECT_EQ(lane.use().waiting, 0u);
  }
  EXPECT_EQ(seen.worked + seen.refused, loops * visitors);
  EXPECT_LE(seen.most, 3);
  EXPECT_GT(seen.worked, 0);
}

}  // namespace
}  // namespace dossier::base
