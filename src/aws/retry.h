// When a failed call is tried again, and after how long: AWS's standard mode. Pure except for the
// tokens. https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
#pragma once

#include <chrono>
#include <mutex>
#include <optional>

#include "aws/error.h"
#include "aws/transport/transport.h"

namespace dossier::aws {

enum class failure_kind {
  final,        // trying again would not help
  transient,    // it may work the next time
  timed_out,    // it may work the next time too, but this cost much
  throttled,    // too much, too fast
  clock_skew,   // it may work once we know AWS's time
  credentials,  // it may work with other credentials
};

failure_kind kind_of(const error& answered);
failure_kind kind_of(const transport_error& failed);

// Tokens that all calls of a client share. When most calls fail they run out: retries must not make it worse.
class retry_tokens {
 public:
  explicit retry_tokens(int capacity = 500) : capacity_(capacity), tokens_(capacity) {}
  // Takes 5 for a retry, 10 after a time-out; empty when there are not so many.
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
