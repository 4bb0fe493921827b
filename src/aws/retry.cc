#include "aws/retry.h"

#include <algorithm>
#include <cmath>

#include "aws/error.h"
#include "base/expects.h"

namespace dossier::aws {
namespace {

constexpr int price = 5;
constexpr int price_of_time_out = 10;
constexpr int reward = 1;

}  // namespace

failure_kind kind_of(const error& answered) {
  if (tells_clock_skew(answered.code)) return failure_kind::clock_skew;
  if (is_throttling(answered.code) || answered.status == 429) return failure_kind::throttled;
  if (answered.kind == base::error_code::timed_out) return failure_kind::timed_out;
  if (is_transient(answered.code)) return failure_kind::transient;
  const auto& status = answered.status;
  if (status == 500 || status == 502 || status == 503 || status == 504) return failure_kind::transient;
  return failure_kind::final;
}

failure_kind kind_of(const transport_error& failed) {
  switch (failed.problem) {
    case transport_problem::connect:
    case transport_problem::cut:
      return failure_kind::transient;
    case transport_problem::timed_out:
      return failure_kind::timed_out;
    case transport_problem::tls:
    case transport_problem::too_large:
    case transport_problem::busy:  // it has already waited for a place
    case transport_problem::body:
    case transport_problem::cancelled:
      break;
  }
  return failure_kind::final;
}

std::optional<int> retry_tokens::take(failure_kind why) {
  const int wanted = why == failure_kind::timed_out ? price_of_time_out : price;
  const std::lock_guard lock(mutex_);
  if (tokens_ < wanted) return std::nullopt;
  tokens_ -= wanted;
  return wanted;
}

void retry_tokens::give_back(int taken) {
  base::expects(taken >= 0, "tokens are given back, not taken");
  const std::lock_guard lock(mutex_);
  tokens_ = std::min(capacity_, tokens_ + (taken == 0 ? reward : taken));
}

int retry_tokens::left() const {
  const std::lock_guard lock(mutex_);
  return tokens_;
}

std::chrono::milliseconds delay_before_retry(const retry_policy& policy, int retries_so_far, double random,
                                             std::optional<std::chrono::seconds> asked) {
  base::expects(retries_so_far >= 0, "retries are counted from 0");
  base::expects(random >= 0 && random <= 1, "the random part is from 0 to 1");
  const double longest = static_cast<double>(policy.longest.count());
  const double grown = static_cast<double>(policy.base.count()) * std::exp2(std::min(retries_so_far, 30));
  const std::chrono::milliseconds jittered(std::llround(std::min(grown, longest) * random));
  return std::min<std::chrono::milliseconds>(
      std::max<std::chrono::milliseconds>(jittered, asked.value_or(std::chrono::seconds(0))), policy.longest);
}

}  // namespace dossier::aws
