// Credentials are fetched once, however many wait; old ones last as long as they are valid.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "aws/cached_credentials.h"
#include "base/suspend.h"
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
      co_await base::suspend<bool>([this](base::resumption<bool> resume) { waiting = std::move(resume); },
                                   [] {});
    }
    if (failing) co_return pass_error({base::error_code::unavailable, "Away", {}, {}, 0, {}});
    co_return credentials{"KEY" + std::to_string(number), "secret", "token", clock_.now() + 1h};
  }
  std::string name() const override { return "numbered"; }

  std::atomic<int> asked{0};
  std::atomic<bool> failing{false};
  std::atomic<bool> held{false};
  base::resumption<bool> waiting;

 private:
  const base::clock& clock_;
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
  while (!from_->waiting) loop.poll();
  loop.poll();
  EXPECT_EQ(came, 0);
  from_->waiting(true);
  loop.run();
  EXPECT_EQ(came, 100);
  EXPECT_EQ(from_->asked, 1);
}

TEST_F(aws_cached_credentials, are_refreshed_before_they_expire_without_a_wait) {
  EXPECT_EQ(key(), "KEY1");
  clock_.advance(55min);
  EXPECT_EQ(key(), "KEY1");  // valid; others are fetched beside
  EXPECT_EQ(key(), "KEY2");
  EXPECT_EQ(from_->asked, 2);
}

TEST_F(aws_cached_credentials, stay_when_the_refresh_fails) {
  EXPECT_EQ(key(), "KEY1");
  from_->failing = true;
  clock_.advance(55min);
  EXPECT_EQ(key(), "KEY1");
  EXPECT_EQ(key(), "KEY1");
  EXPECT_EQ(from_->asked, 2);  // not asked again at once
  clock_.advance(61s);
  EXPECT_EQ(key(), "KEY1");
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
  cache_->expired({"KEY1", "secret"});  // others by now
  EXPECT_EQ(key(), "KEY2");
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
