#include "stores/objects/quota.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <random>
#include <thread>
#include <vector>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/async.h"

namespace dossier::stores {
namespace {

using shares = std::vector<std::optional<quota::share>>;

awaitable<void> take_into(quota& from, std::uint64_t amount, shares& into, std::size_t place) {
  into[place] = co_await from.take(amount);
}

class a_quota : public testing::Test {
 protected:
  void take(std::uint64_t amount, std::size_t place) {
    asio::co_spawn(loop_, take_into(quota_, amount, shares_, place), asio::detached);
    run();
  }
  void run() {
    loop_.restart();
    loop_.poll();
  }
  bool has(std::size_t place) const { return shares_[place].has_value(); }
  void give_back(std::size_t place) {
    shares_[place].reset();
    run();
  }

  quota quota_{10};
  shares shares_ = shares(8);
  asio::io_context loop_{1};
};

TEST_F(a_quota, gives_at_once_while_there_is_enough) {
  take(4, 0);
  take(6, 1);
  EXPECT_TRUE(has(0) && has(1));
  EXPECT_EQ(quota_.taken(), 10u);
}

TEST_F(a_quota, makes_wait_and_gives_first_come_first_served) {
  take(10, 0);
  take(3, 1);
  take(3, 2);
  EXPECT_FALSE(has(1) || has(2));
  EXPECT_EQ(quota_.waiting(), 2u);
  give_back(0);
  EXPECT_TRUE(has(1) && has(2));
  EXPECT_EQ(quota_.taken(), 6u);
}

TEST_F(a_quota, lets_no_small_one_pass_a_large_one_that_waits) {
  take(5, 0);
  take(8, 1);
  take(1, 2);
  EXPECT_FALSE(has(1) || has(2)) << "there is room for the small one, but it came later";
  give_back(0);
  EXPECT_TRUE(has(1) && has(2));
}

TEST_F(a_quota, takes_back_what_was_not_needed) {
  take(10, 0);
  take(7, 1);
  shares_[0]->shrink(3);
  run();
  EXPECT_TRUE(has(1));
  EXPECT_EQ(quota_.taken(), 10u);
}

TEST_F(a_quota, gives_no_more_than_all_of_it) {
  take(1'000, 0);
  EXPECT_EQ(shares_[0]->amount(), 10u);
}

TEST_F(a_quota, lets_those_behind_go_on_when_a_wait_is_cancelled) {
  take(5, 0);
  asio::cancellation_signal stop;
  bool ended = false;
  asio::co_spawn(loop_, take_into(quota_, 8, shares_, 1),
                 asio::bind_cancellation_slot(
                     stop.slot(), [&](const std::exception_ptr& thrown) { ended = thrown != nullptr; }));
  run();
  take(5, 2);
  EXPECT_FALSE(has(2));
  stop.emit(asio::cancellation_type::terminal);
  run();
  EXPECT_TRUE(ended);
  EXPECT_FALSE(has(1));
  EXPECT_TRUE(has(2));
  EXPECT_EQ(quota_.taken(), 10u);
}

TEST_F(a_quota, forgets_those_whose_loop_is_gone) {
  take(5, 0);
  shares others(1);
  {
    asio::io_context other(1);
    asio::co_spawn(other, take_into(quota_, 8, others, 0), asio::detached);
    other.poll();
    EXPECT_EQ(quota_.waiting(), 1u);
  }
  EXPECT_EQ(quota_.waiting(), 0u);
  take(5, 1);
  EXPECT_TRUE(has(1));
}

TEST_F(a_quota, takes_back_what_was_given_to_one_who_is_gone) {
  take(10, 0);
  shares others(1);
  {
    asio::io_context other(1);
    asio::co_spawn(other, take_into(quota_, 8, others, 0), asio::detached);
    other.poll();
    shares_[0].reset();  // granted, but the loop never runs again
    EXPECT_EQ(quota_.taken(), 8u);
  }
  EXPECT_EQ(quota_.taken(), 0u);
}

awaitable<void> take_within_into(quota& from, std::uint64_t amount, std::optional<bool>& got) {
  const auto mine = co_await from.take_within(std::chrono::milliseconds(5), amount);
  got = mine.has_value();
}

TEST_F(a_quota, lets_those_go_who_would_wait_too_long) {
  take(5, 0);
  std::optional<bool> first;
  std::optional<bool> second;
  asio::co_spawn(loop_, take_within_into(quota_, 8, first), asio::detached);
  loop_.restart();
  loop_.run();
  EXPECT_EQ(first, false);
  EXPECT_EQ(quota_.waiting(), 0u);
  asio::co_spawn(loop_, take_within_into(quota_, 5, second), asio::detached);
  run();
  EXPECT_EQ(second, true);
  EXPECT_EQ(quota_.taken(), 5u);
}

awaitable<void> take_and_give_back(quota& from, unsigned seed, int times, std::atomic<bool>& exceeded) {
  std::minstd_rand random(seed);
  for (int i = 0; i < times; ++i) {
    auto mine = co_await from.take(1 + random() % 10);
    if (from.taken() > from.limit()) exceeded = true;
    co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    if (random() % 2 == 0) mine.shrink(1);
  }
}

TEST(quotas, are_shared_by_several_loops) {
  quota shared(12);
  std::atomic<bool> exceeded = false;
  std::vector<std::jthread> threads;
  for (unsigned t = 0; t < 3; ++t) {
    threads.emplace_back([&, t] {
      asio::io_context loop(1);
      for (unsigned i = 0; i < 5; ++i) {
        asio::co_spawn(loop, take_and_give_back(shared, 1 + t * 5 + i, 200, exceeded), asio::detached);
      }
      loop.run();
    });
  }
  threads.clear();
  EXPECT_FALSE(exceeded);
  EXPECT_EQ(shared.taken(), 0u);
  EXPECT_EQ(shared.waiting(), 0u);
}

}  // namespace
}  // namespace dossier::stores
