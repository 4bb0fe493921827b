#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/byte_source.h"
#include "stores/s3_world.h"

namespace dossier {
namespace {

using fakes::memory_source;

// S3 takes a while to answer; other uploads go on meanwhile.
awaitable<void> a_while() {
  asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::milliseconds(1));
  co_await timer.async_wait(asio::use_awaitable);
}

// Never answers.
awaitable<void> for_ever() {
  asio::steady_timer timer(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
  co_await timer.async_wait(asio::use_awaitable);
}

// Answers when the timer is cancelled.
awaitable<void> until_cancelled(asio::steady_timer*& by) {
  asio::steady_timer timer(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
  by = &timer;
  boost::system::error_code cancelled;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
}

// None of three parts is answered before all of them are there.
awaitable<void> until_three_are_there(fakes::memory_s3& s3, int& answered) {
  for (const int all = answered / 3 * 3 + 3; s3.count("UploadPart") < all;) co_await a_while();
  ++answered;
}

struct outcome {
  std::optional<base::result<void>> done;
  bool thrown = false;
};

awaitable<base::result<void>> put_one(stores::s3_objects& to, int number, std::size_t length) {
  memory_source source(s3_world::bytes(length), 300);
  co_return co_await to.put(s3_world::key(number), source);
}

void start(asio::io_context& loop, s3_world& world, int number, std::size_t length, outcome& into,
           asio::cancellation_signal& stop) {
  asio::co_spawn(loop, put_one(*world.store, number, length),
                 asio::bind_cancellation_slot(
                     stop.slot(), [&into](const std::exception_ptr& thrown, base::result<void> done) {
                       into.thrown = thrown != nullptr;
                       if (!thrown) into.done = std::move(done);
                     }));
}

TEST(s3_uploads, all_end_when_there_is_room_for_a_few_parts_only) {
  auto sizes = s3_world::small();
  sizes.disk = 2'500;  // two parts and a half
  sizes.memory = 256 * 7;
  sizes.sends_at_once = 2;
  s3_world world(sizes);
  std::uint64_t most_staged = 0;
  std::size_t most_waiting = 0;
  world.s3.during("UploadPart", [&]() -> awaitable<void> {
    most_staged = std::max(most_staged, world.store->staged());
    most_waiting = std::max(most_waiting, world.store->waiting_to_stage());
    return a_while();
  });
  constexpr int count = 20;
  asio::io_context loop(1);
  std::vector<outcome> outcomes(count);
  std::vector<asio::cancellation_signal> stops(count);
  for (int i = 0; i < count; ++i)
    start(loop, world, i, 200 + 500 * static_cast<std::size_t>(i), outcomes[i], stops[i]);
  loop.run();
  for (int i = 0; i < count; ++i) {
    ASSERT_TRUE(outcomes[i].done && *outcomes[i].done) << i;
    EXPECT_EQ(world.s3.find(world.name(i))->bytes, world.bytes(200 + 500 * static_cast<std::size_t>(i)));
  }
  EXPECT_GT(most_staged, 1'500u) << "there is room for two at once";
  EXPECT_LE(most_staged, 2'500u);
  EXPECT_EQ(world.store->staging_limit(), 2'500u);
  EXPECT_GT(most_waiting, 5u);
  EXPECT_EQ(world.s3.most_at_once(), 2);
  EXPECT_EQ(world.store->staged(), 0u);
  EXPECT_EQ(world.store->waiting_to_stage(), 0u);
}

TEST(s3_uploads, have_a_few_parts_of_one_file_on_their_way_at_once) {
  s3_world world;
  int answered = 0;
  world.s3.during("UploadPart", [&] { return until_three_are_there(world.s3, answered); });
  ASSERT_TRUE(world.put(world.bytes(12'000)));
  EXPECT_EQ(world.s3.most_at_once(), 3);
}

TEST(s3_uploads, that_would_not_begin_for_long_are_told_to_come_back) {
  auto sizes = s3_world::small();
  sizes.memory = sizes.piece;
  s3_world world(sizes, s3_world::place(), std::chrono::milliseconds(5));
  asio::steady_timer* hanging = nullptr;
  world.s3.during("PutObject", [&] { return until_cancelled(hanging); });
  asio::io_context loop(1);
  outcome first;
  outcome second;
  asio::cancellation_signal stop;
  asio::cancellation_signal other;
  start(loop, world, 1, 100, first, stop);
  start(loop, world, 2, 100, second, other);
  while (!second.done) loop.run_one();
  EXPECT_EQ(second.done->error().code, base::error_code::unavailable);
  EXPECT_TRUE(second.done->error().retry_after);
  hanging->cancel();
  loop.run();
  EXPECT_TRUE(*first.done);
  EXPECT_EQ(world.s3.find(world.name(2)), nullptr);
}

// Gives some bytes, and then none until it is let go: then the stream breaks off.
class stalling_source final : public base::byte_source, public base::waiting_source {
 public:
  stalling_source(std::string bytes, bool& let_go) : bytes_(std::move(bytes)), let_go_(let_go) {}
  bool ready() const override { return !given_; }
  awaitable<base::result<base::byte_view>> next() override {
    if (!given_) {
      given_ = true;
      co_return std::as_bytes(std::span(bytes_));
    }
    while (!let_go_) co_await a_while();
    co_return base::fail(base::error_code::malformed, "broken off");
  }

 private:
  std::string bytes_;
  bool& let_go_;
  bool given_ = false;
};

awaitable<base::result<void>> put_stalling(stores::s3_objects& to, int number, std::size_t length,
                                           bool& let_go) {
  stalling_source source(s3_world::bytes(length), let_go);
  co_return co_await to.put(s3_world::key(number), source);
}

TEST(s3_uploads, that_stand_still_hold_up_nobody) {
  auto sizes = s3_world::small();
  sizes.disk = 5'000;  // five parts
  sizes.memory = sizes.piece * 2;
  s3_world world(sizes);
  bool let_go = false;
  constexpr int count = 12;
  asio::io_context loop(1);
  std::vector<outcome> stalled(count);
  for (int i = 0; i < count; ++i) {
    // Fewer bytes than a piece, or nearly a part.
    const std::size_t length = i % 2 == 0 ? 100 : 900;
    asio::co_spawn(
        loop, put_stalling(*world.store, i, length, let_go),
        [&into = stalled[i]](const std::exception_ptr&, base::result<void> done) { into.done = done; });
  }
  outcome fast;
  asio::cancellation_signal stop;
  start(loop, world, count, 3'500, fast, stop);
  while (!fast.done) loop.run_one();
  EXPECT_TRUE(*fast.done) << fast.done->error().message;
  if (*fast.done) EXPECT_EQ(world.s3.find(world.name(count))->bytes, world.bytes(3'500));
  let_go = true;
  loop.run();
  for (const auto& each : stalled) EXPECT_TRUE(each.done && !*each.done);
  EXPECT_EQ(world.store->staged(), 0u);
}

TEST(s3_uploads, that_are_cancelled_are_aborted) {
  s3_world world;
  world.s3.during("UploadPart", for_ever);
  asio::io_context loop(1);
  outcome cancelled;
  asio::cancellation_signal stop;
  start(loop, world, 1, 20'000, cancelled, stop);
  // Runs until nothing moves any more: three parts hang, and the fourth waits for them.
  while (world.s3.count("UploadPart") < 3) loop.run_one();
  stop.emit(asio::cancellation_type::terminal);
  loop.run();
  EXPECT_TRUE(cancelled.thrown);
  EXPECT_EQ(world.s3.count("AbortMultipartUpload"), 1);
  EXPECT_TRUE(world.nothing_left());
}

TEST(s3_uploads, that_fail_do_not_wait_for_parts_that_hang) {
  s3_world world;
  world.s3.during("UploadPart", for_ever);
  memory_source source(world.bytes(20'000), 300);
  source.fail_after(2'500, {base::error_code::malformed, "cut off"});
  const auto done = fakes::run_sync(world.store->put(world.key(), source));
  EXPECT_EQ(done.error().code, base::error_code::malformed);
  EXPECT_TRUE(world.nothing_left());
}

TEST(s3_uploads, give_back_their_room_when_their_loop_goes_away) {
  s3_world world;
  world.s3.during("UploadPart", for_ever);
  outcome first, second;
  asio::cancellation_signal stop, other;
  {
    asio::io_context loop(1);
    start(loop, world, 1, 20'000, first, stop);
    start(loop, world, 2, 20'000, second, other);
    while (world.s3.count("UploadPart") < 6) loop.run_one();
    EXPECT_GT(world.store->staged(), 0u);
    world.pool.wait_until_idle();  // before a loop ends, threads that answer to it have to finish
  }
  EXPECT_EQ(world.store->staged(), 0u);
  EXPECT_FALSE(first.done || second.done);
}

}  // namespace
}  // namespace dossier
