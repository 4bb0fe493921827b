#include "web/rate_limits.h"

#include <string>

#include <gtest/gtest.h>

namespace dossier::web {
namespace {

using namespace std::chrono_literals;

const rate_limiter::time start{};

TEST(rate_limiter, lets_the_requests_of_a_minute_through_at_once) {
  rate_limiter limiter({.intake = 5});
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(limiter.take(counted::intake, "a", start));
  EXPECT_EQ(limiter.take(counted::intake, "a", start), 12s);
}

TEST(rate_limiter, lets_more_through_as_time_goes_by) {
  rate_limiter limiter({.intake = 5});
  for (int i = 0; i < 5; ++i) limiter.take(counted::intake, "a", start);
  EXPECT_EQ(limiter.take(counted::intake, "a", start + 11s), 1s);
  EXPECT_FALSE(limiter.take(counted::intake, "a", start + 12s));
  EXPECT_TRUE(limiter.take(counted::intake, "a", start + 12s));
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(limiter.take(counted::intake, "a", start + 1h)) << i;
  EXPECT_TRUE(limiter.take(counted::intake, "a", start + 1h));
}

TEST(rate_limiter, does_not_count_what_it_refuses) {
  rate_limiter limiter({.sign_in = 1});
  EXPECT_FALSE(limiter.take(counted::sign_in, "a", start));
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(limiter.take(counted::sign_in, "a", start + 1s));
  EXPECT_FALSE(limiter.take(counted::sign_in, "a", start + 60s));
}

TEST(rate_limiter, counts_each_client_and_each_kind_apart) {
  rate_limiter limiter({.intake = 1, .search = 1});
  EXPECT_FALSE(limiter.take(counted::intake, "a", start));
  EXPECT_TRUE(limiter.take(counted::intake, "a", start));
  EXPECT_FALSE(limiter.take(counted::intake, "b", start));
  EXPECT_FALSE(limiter.take(counted::search, "a", start));
}

TEST(rate_limiter, may_be_off) {
  rate_limiter limiter({.api = 0});
  for (int i = 0; i < 100'000; ++i) ASSERT_FALSE(limiter.take(counted::api, "a", start));
  EXPECT_EQ(limiter.clients(counted::api), 0U);
  for (int i = 0; i < 100'000; ++i) ASSERT_FALSE(limiter.take(counted::never, "a", start));
}

TEST(rate_limiter, forgets_clients_that_owe_nothing_before_others) {
  rate_limiter limiter({.search = 60});
  for (std::size_t i = 0; i < rate_limiter::most_clients - 1; ++i)
    limiter.take(counted::search, "old " + std::to_string(i), start);
  for (int i = 0; i < 60; ++i) limiter.take(counted::search, "greedy", start + 2s);
  EXPECT_FALSE(limiter.take(counted::search, "new", start + 2s));
  EXPECT_EQ(limiter.clients(counted::search), 2U);
  EXPECT_TRUE(limiter.take(counted::search, "greedy", start + 2s));
}

TEST(rate_limiter, stays_small_and_remembers_who_uses_most) {
  rate_limiter limiter({.search = 60});
  for (int i = 0; i < 60; ++i) limiter.take(counted::search, "greedy", start);
  for (std::size_t i = 0; i < 5 * rate_limiter::most_clients; ++i) {
    limiter.take(counted::search, std::to_string(i), start);
    ASSERT_LE(limiter.clients(counted::search), rate_limiter::most_clients);
  }
  EXPECT_TRUE(limiter.take(counted::search, "greedy", start));
}

}  // namespace
}  // namespace dossier::web
