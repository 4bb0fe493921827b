// Credentials are fetched once, however many wait; old ones last as long as they are valid.
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <thread>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "aws/credentials/default_credentials.h"
#include "base/waiting.h"
#include "fakes/manual_clock.h"
#include "fakes/run.h"

namespace dossier::aws {
namespace {

using namespace std::chrono_literals;

// Hands out keys with a number, valid for an hour, when the test lets it.
class numbered final : public credentials_provider {
 public:
  explicit numbered(const base::clock& clock) : clock_(clock) {}

  awaitable<outcome<credentials>> get() override {
    const int number = ++asked;
    if (held) {
      co_await base::suspend<bool>(
          [this](base::resumption<bool> resume) {
            const std::lock_guard lock(mutex_);
            waiting_ = std::move(resume);
            waits = true;
            waits.notify_all();
          },
          [this] {
            ++*cancelled;
            resume_if_waiting();
          });
    }
    if (failing) co_return pass_error({base::error_code::unavailable, "Away", {}, {}, 0, {}});
    co_return credentials{"KEY" + std::to_string(number), "secret", "token", clock_.now() + 1h};
  }
  std::string name() const override {
    ++named;
    named.notify_all();
    return "numbered";
  }
  void release() {
    waits.wait(false);
    resume_if_waiting();
  }

  std::atomic<int> asked{0};
  // How often name() was called: a refresh that fails logs the name when it ends.
  mutable std::atomic<int> named{0};
  std::shared_ptr<std::atomic<int>> cancelled = std::make_shared<std::atomic<int>>(0);
  std::atomic<bool> failing{false};
  std::atomic<bool> held{false};
  std::atomic<bool> waits{false};

 private:
  void resume_if_waiting() {
    const std::lock_guard lock(mutex_);
    if (!waits.exchange(false)) return;
    auto resume = std::move(waiting_);
    resume(true);
  }

  const base::clock& clock_;
  std::mutex mutex_;
  base::resumption<bool> waiting_;
};

class aws_cached_credentials : public testing::Test {
 protected:
  aws_cached_credentials() {
    auto from = std::make_unique<numbered>(clock_);
    from_ = from.get();
    cache_ = std::make_unique<cached_credentials>(std::move(from), clock_);
  }
  std::string key() {
    const auto found = fakes::run_sync(cache_->get());
    return found ? found->access_key : found.error().code;
  }
  // What is fetched in the background comes soon; how soon depends on its thread.
  void expect_soon(const std::string& expected) {
    const auto end = std::chrono::steady_clock::now() + 30s;
    while (key() != expected && std::chrono::steady_clock::now() < end) std::this_thread::yield();
    EXPECT_EQ(key(), expected);
  }

  fakes::manual_clock clock_;
  numbered* from_;
  std::unique_ptr<cached_credentials> cache_;
};

TEST_F(aws_cached_credentials, are_fetched_once) {
  EXPECT_EQ(key(), "KEY1");
  EXPECT_EQ(key(), "KEY1");
  clock_.advance(49min);
  EXPECT_EQ(key(), "KEY1");
  EXPECT_EQ(from_->asked, 1);
}

TEST_F(aws_cached_credentials, are_fetched_once_for_all_who_wait) {
  from_->held = true;
  asio::io_context loop(1);
  int came = 0;
  for (int number = 0; number < 100; ++number) {
    asio::co_spawn(loop, cache_->get(), [&](const std::exception_ptr&, auto found) {
      came += found && found->access_key == "KEY1" ? 1 : 0;
    });
  }
  loop.poll();
  from_->waits.wait(false);
  loop.poll();
  EXPECT_EQ(came, 0);
  from_->release();
  loop.run();
  EXPECT_EQ(came, 100);
  EXPECT_EQ(from_->asked, 1);
}

TEST_F(aws_cached_credentials, are_refreshed_before_they_expire_without_a_wait) {
  EXPECT_EQ(key(), "KEY1");
  clock_.advance(55min);
  EXPECT_EQ(key(), "KEY1");  // still valid; others are fetched in the background
  expect_soon("KEY2");
  EXPECT_EQ(from_->asked, 2);
}

// A connect to a database has such a loop: it runs until nothing is left to do on it.
TEST_F(aws_cached_credentials, let_a_loop_end_while_they_are_refreshed) {
  EXPECT_EQ(key(), "KEY1");
  clock_.advance(55min);
  from_->held = true;
  EXPECT_EQ(key(), "KEY1");
  EXPECT_EQ(key(), "KEY1");
  from_->release();
  expect_soon("KEY2");
}

TEST_F(aws_cached_credentials, are_waited_for_no_longer_than_the_caller_wants) {
  from_->held = true;
  asio::io_context loop(1);
  asio::cancellation_signal enough;
  std::string code;
  asio::co_spawn(loop, cache_->get(),
                 asio::bind_cancellation_slot(enough.slot(), [&](const std::exception_ptr&, auto found) {
                   code = found ? "" : found.error().code;
                 }));
  loop.poll();
  from_->waits.wait(false);
  enough.emit(asio::cancellation_type::terminal);
  loop.run();
  EXPECT_EQ(code, "Cancelled");
  from_->held = false;
  from_->release();
  expect_soon("KEY1");
}

TEST_F(aws_cached_credentials, end_every_wait_when_they_are_stopped) {
  from_->held = true;
  asio::io_context loop(1);
  std::string code;
  asio::co_spawn(loop, cache_->get(),
                 [&](const std::exception_ptr&, auto found) { code = found ? "" : found.error().code; });
  loop.poll();
  from_->waits.wait(false);
  from_->failing = true;
  cache_->stop();
  loop.run();
  EXPECT_EQ(code, "Cancelled");
  EXPECT_EQ(key(), "Cancelled") << "for good";
}

TEST_F(aws_cached_credentials, cancel_a_refresh_when_they_go) {
  EXPECT_EQ(key(), "KEY1");
  clock_.advance(55min);
  from_->held = true;
  EXPECT_EQ(key(), "KEY1");
  from_->waits.wait(false);
  const auto cancelled = from_->cancelled;
  cache_.reset();
  EXPECT_EQ(*cancelled, 1);
}

TEST_F(aws_cached_credentials, stay_when_the_refresh_fails) {
  EXPECT_EQ(key(), "KEY1");
  from_->failing = true;
  clock_.advance(55min);
  EXPECT_EQ(key(), "KEY1");
  from_->named.wait(0);
  EXPECT_EQ(key(), "KEY1");
  EXPECT_EQ(from_->asked, 2);  // not asked again at once
  clock_.advance(61s);
  EXPECT_EQ(key(), "KEY1");
  from_->named.wait(1);
  EXPECT_EQ(from_->asked, 3);
  clock_.advance(5min);
  EXPECT_EQ(key(), "Away");
  from_->failing = false;
  clock_.advance(2s);
  EXPECT_EQ(key().substr(0, 3), "KEY");
}

TEST_F(aws_cached_credentials, that_cannot_be_had_are_not_asked_for_all_the_time) {
  from_->failing = true;
  for (int time = 0; time < 10; ++time) EXPECT_EQ(key(), "Away");
  EXPECT_EQ(from_->asked, 1);
  clock_.advance(1s);
  EXPECT_EQ(key(), "Away");
  EXPECT_EQ(from_->asked, 2);
}

TEST_F(aws_cached_credentials, that_aws_calls_expired_are_replaced) {
  EXPECT_EQ(key(), "KEY1");
  cache_->expired(*fakes::run_sync(cache_->get()));
  EXPECT_EQ(key(), "KEY2");
  cache_->expired({"KEY1", "secret"});  // they were replaced before
  EXPECT_EQ(key(), "KEY2");
}

TEST_F(aws_cached_credentials, are_not_replaced_all_the_time) {
  EXPECT_EQ(key(), "KEY1");
  cache_->expired(*fakes::run_sync(cache_->get()));
  EXPECT_EQ(key(), "KEY2");
  cache_->expired(*fakes::run_sync(cache_->get()));
  EXPECT_EQ(key(), "KEY2") << "just fetched";
  clock_.advance(61s);
  cache_->expired(*fakes::run_sync(cache_->get()));
  EXPECT_EQ(key(), "KEY3");
}

TEST_F(aws_cached_credentials, serve_several_loops) {
  std::atomic<int> wrong{0};
  std::vector<std::thread> loops;
  for (int number = 0; number < 4; ++number) {
    loops.emplace_back([&, number] {
      for (int time = 0; time < 50; ++time) {
        if (number == 0) clock_.advance(20min);
        const auto found = fakes::run_sync(cache_->get());
        if (!found) ++wrong;
      }
    });
  }
  for (auto& each : loops) each.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace dossier::aws
