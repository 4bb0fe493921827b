// When a failed call is tried again, and after how long: AWS's standard mode. Pure but for the bucket's
// count. https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
#pragma once

#include <chrono>
#include <mutex>
#include <optional>

#include "aws/error.h"
#include "aws/transport.h"

namespace dossier::aws {

enum class failure_kind {
  final,        // trying again would not help
  transient,    // it may work the next time
  timed_out,    // so may this, but it cost much
  throttled,    // too much, too fast
  clock_skew,   // once the clock is set right
  credentials,  // with others
};

failure_kind kind_of(const error& answered);
failure_kind kind_of(const transport_error& failed);

// Tokens that all calls of a process share: when most of them fail, retries stop making it worse.
class retry_tokens {
 public:
  explicit retry_tokens(int capacity = 500) : capacity_(capacity), tokens_(capacity) {}
  // 5 a retry, 10 after a time-out; nothing when there are not so many.
  std::optional<int> take(failure_kind why);
  // A call that worked gives back what its last retry took; one without a retry, 1.
  void give_back(int taken);
  int left() const;

 private:
  mutable std::mutex mutex_;
  int capacity_;
  int tokens_;
};

struct retry_policy {
  int attempts = 3;  // the first included
  std::chrono::milliseconds base{1'000};
  std::chrono::milliseconds longest{20'000};
  // No attempt begins later than this after the call did.
  std::chrono::milliseconds patience{30'000};
};

// The wait before the next attempt: a random part (0 to 1) of base × 2^(retries so far), at most `longest`;
// not less than what the other side asked for, within the same bound.
std::chrono::milliseconds delay_before_retry(const retry_policy& policy, int retries_so_far, double random,
                                             std::optional<std::chrono::seconds> asked = {});

}  // namespace dossier::aws
