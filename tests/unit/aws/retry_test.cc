#include <gtest/gtest.h>

#include "aws/retry.h"

namespace dossier::aws {
namespace {

using namespace std::chrono_literals;
using enum base::error_code;

error answered(std::string code, int status, base::error_code kind) {
  return {kind, std::move(code), {}, {}, status, {}};
}

TEST(aws_retry, sorts_answers) {
  EXPECT_EQ(kind_of(answered("SlowDown", 503, rate_limited)), failure_kind::throttled);
  EXPECT_EQ(kind_of(answered("ProvisionedThroughputExceededException", 400, rate_limited)),
            failure_kind::throttled);
  EXPECT_EQ(kind_of(answered("Status429", 429, rate_limited)), failure_kind::throttled);
  EXPECT_EQ(kind_of(answered("InternalError", 500, unavailable)), failure_kind::transient);
  EXPECT_EQ(kind_of(answered("Status502", 502, unavailable)), failure_kind::transient);
  EXPECT_EQ(kind_of(answered("Status504", 504, unavailable)), failure_kind::transient);
  EXPECT_EQ(kind_of(answered("BadDigest", 400, unavailable)), failure_kind::transient);
  EXPECT_EQ(kind_of(answered("RequestTimeout", 400, timed_out)), failure_kind::timed_out);
  EXPECT_EQ(kind_of(answered("RequestTimeTooSkewed", 403, unauthorized)), failure_kind::clock_skew);
  EXPECT_EQ(kind_of(answered("AccessDenied", 403, unauthorized)), failure_kind::final);
  EXPECT_EQ(kind_of(answered("NoSuchKey", 404, not_found)), failure_kind::final);
  EXPECT_EQ(kind_of(answered("NoSuchBucket", 404, unavailable)), failure_kind::final);
  EXPECT_EQ(kind_of(answered("NotImplemented", 501, unavailable)), failure_kind::final);
  EXPECT_EQ(kind_of(answered("ConditionalCheckFailedException", 400, stale)), failure_kind::final);
}

TEST(aws_retry, sorts_what_never_was_answered) {
  const auto kind = [](transport_problem problem) {
    return kind_of(transport_error{problem, {}});
  };
  EXPECT_EQ(kind(transport_problem::connect), failure_kind::transient);
  EXPECT_EQ(kind(transport_problem::cut), failure_kind::transient);
  EXPECT_EQ(kind(transport_problem::timed_out), failure_kind::timed_out);
  EXPECT_EQ(kind(transport_problem::tls), failure_kind::final);
  EXPECT_EQ(kind(transport_problem::cancelled), failure_kind::final);
  EXPECT_EQ(kind(transport_problem::body), failure_kind::final);
}

TEST(aws_retry, waits_a_random_part_of_what_doubles) {
  const retry_policy policy;
  EXPECT_EQ(delay_before_retry(policy, 0, 0.5), 500ms);
  EXPECT_EQ(delay_before_retry(policy, 1, 0.5), 1000ms);
  EXPECT_EQ(delay_before_retry(policy, 3, 1.0), 8000ms);
  EXPECT_EQ(delay_before_retry(policy, 3, 0.0), 0ms);
  EXPECT_EQ(delay_before_retry(policy, 10, 1.0), 20s);
  EXPECT_EQ(delay_before_retry(policy, 1'000'000, 1.0), 20s);
}

TEST(aws_retry, waits_as_long_as_it_is_asked_to_within_bounds) {
  const retry_policy policy;
  EXPECT_EQ(delay_before_retry(policy, 0, 0.1, 3s), 3s);
  EXPECT_EQ(delay_before_retry(policy, 0, 0.9, 0s), 900ms);
  EXPECT_EQ(delay_before_retry(policy, 0, 0.1, 3600s), 20s);
}

TEST(aws_retry, tokens_run_out_and_come_back) {
  retry_tokens tokens(22);
  EXPECT_EQ(tokens.take(failure_kind::timed_out), 10);
  EXPECT_EQ(tokens.take(failure_kind::transient), 5);
  EXPECT_EQ(tokens.take(failure_kind::throttled), 5);
  EXPECT_EQ(tokens.left(), 2);
  EXPECT_EQ(tokens.take(failure_kind::transient), std::nullopt);
  tokens.give_back(5);
  EXPECT_EQ(tokens.left(), 7);
  tokens.give_back(0);
  EXPECT_EQ(tokens.left(), 8);
  tokens.give_back(100);
  EXPECT_EQ(tokens.left(), 22);
}

}  // namespace
}  // namespace dossier::aws
