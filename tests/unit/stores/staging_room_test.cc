#include "stores/objects/staging_room.h"

#include <chrono>
#include <optional>
#include <vector>

#include <gtest/gtest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "fakes/run.h"

namespace dossier::stores {
namespace {

using namespace std::chrono_literals;
using share = staging_room::share;

// A client for which one waits at all is slow.
constexpr staging_room::patience none{.least = 0ms, .rate = 1'000'000'000};
constexpr staging_room::patience endless{.least = 1h, .rate = 1};

std::optional<share> take(staging_room& from, std::uint64_t amount, std::chrono::milliseconds time = 0ms) {
  return fakes::run_sync(from.take_within(time, amount));
}
bool use(share& mine, std::uint64_t more) {
  return fakes::run_sync(mine.use(more, 0ms));
}

// A share that is filled this far, and whose client stands still.
share standing_still(staging_room& from, std::uint64_t size, std::uint64_t filled) {
  auto mine = take(from, size);
  EXPECT_TRUE(mine);
  EXPECT_TRUE(use(*mine, filled));
  mine->begin_waiting();
  return std::move(*mine);
}

TEST(a_staging_room, has_room_for_whole_parts_while_they_are_filled_fast) {
  staging_room room(100, endless);
  auto first = take(room, 60);
  ASSERT_TRUE(first);
  EXPECT_TRUE(use(*first, 10));
  first->begin_waiting();
  EXPECT_FALSE(take(room, 60));
  EXPECT_EQ(room.taken(), 60u);
  first->end_waiting();
  EXPECT_TRUE(first->seal());
  EXPECT_EQ(room.taken(), 10u);
  EXPECT_TRUE(take(room, 60));
  EXPECT_EQ(room.waiting(), 0u);
}

TEST(a_staging_room, gives_no_more_than_all_of_it) {
  staging_room room(100, endless);
  EXPECT_TRUE(take(room, 500));
  EXPECT_EQ(room.taken(), 0u);
}

TEST(a_staging_room, leaves_who_stands_still_only_what_is_filled_when_others_wait) {
  staging_room room(100, none);
  auto one = standing_still(room, 50, 10);
  auto other = standing_still(room, 50, 10);
  EXPECT_EQ(room.taken(), 100u) << "nobody waits";
  auto fast = take(room, 80);
  ASSERT_TRUE(fast);
  EXPECT_EQ(room.taken(), 100u);
  one.end_waiting();
  EXPECT_FALSE(use(one, 10)) << "there is none left just now";
  fast.reset();
  EXPECT_TRUE(use(one, 10));
  EXPECT_TRUE(one.seal());
  EXPECT_EQ(room.taken(), 30u);
}

TEST(a_staging_room, gives_up_those_that_stand_still_for_longest_when_they_hold_more_than_half) {
  staging_room room(100, none);
  std::vector<share> held;
  int freed = 0;
  for (int i = 0; i < 4; ++i) {
    held.push_back(standing_still(room, 25, 25));
    held.back().on_given_up([&] { ++freed; });
  }
  auto fast = take(room, 50);
  ASSERT_TRUE(fast);
  EXPECT_EQ(freed, 2);
  EXPECT_FALSE(use(held[0], 1));
  EXPECT_FALSE(held[1].seal());
  EXPECT_TRUE(held[2].seal());
  EXPECT_TRUE(held[3].seal());
  EXPECT_EQ(room.taken(), 100u);
  held.clear();
  fast.reset();
  EXPECT_EQ(room.taken(), 0u);
}

TEST(a_staging_room, keeps_whole_parts_whatever_comes) {
  staging_room room(100, none);
  auto whole = standing_still(room, 100, 90);
  EXPECT_TRUE(whole.seal());
  EXPECT_FALSE(take(room, 50));
  EXPECT_EQ(room.taken(), 90u);
}

TEST(a_staging_room, lets_slow_ones_grow_within_their_half) {
  staging_room room(100, none);
  auto one = standing_still(room, 40, 10);
  auto other = standing_still(room, 40, 10);
  EXPECT_FALSE(take(room, 90)) << "but both are slow now";
  EXPECT_EQ(room.taken(), 20u);
  EXPECT_TRUE(use(one, 20));
  EXPECT_FALSE(use(other, 20)) << "the first has just moved";
  EXPECT_TRUE(use(other, 5));
  one = {};
  EXPECT_TRUE(use(other, 40)) << "alone it may have all";
}

TEST(a_staging_room, gives_room_to_who_waits_as_soon_as_there_is_some) {
  staging_room room(100, endless);
  auto first = take(room, 100);
  std::optional<share> second;
  asio::io_context loop(1);
  const auto wait = [](staging_room& from, std::optional<share>& into) -> awaitable<void> {
    into = co_await from.take_within(10s, 100);
  };
  asio::co_spawn(loop, wait(room, second), asio::detached);
  loop.poll();
  EXPECT_EQ(room.waiting(), 1u);
  first.reset();
  loop.run();
  EXPECT_TRUE(second);
  EXPECT_EQ(room.waiting(), 0u);
}

}  // namespace
}  // namespace dossier::stores
