// Decides whether and when a failed call is tried again, as AWS's standard mode does. Pure, except for
// retry_tokens.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
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
  timed_out,    // it may work the next time, but waiting was expensive
  throttled,    // too many calls in a short time
  clock_skew,   // it may work once we know AWS's time
  credentials,  // it may work with other credentials
};

failure_kind kind_of(const error& answered);
failure_kind kind_of(const transport_error& failed);

// Tokens that all calls of a client share. When most calls fail, the tokens run out, so that retries do not
// make things worse. May be used from any thread.
class retry_tokens {
 public:
  explicit retry_tokens(int capacity = 500) : capacity_(capacity), tokens_(capacity) {}
  // Takes 5 tokens for a retry, or 10 after a time-out, and returns how many; empty when too few are left.
  std::optional<int> take(failure_kind why);
  // A call that worked gives back what its last retry took, or 1 if it had no retry (`taken` is 0).
  void give_back(int taken);
  int left() const;

 private:
  mutable std::mutex mutex_;
  int capacity_;
  int tokens_;
};

struct retry_policy {
  int attempts = 3;  // including the first one
  std::chrono::milliseconds base{1'000};
  std::chrono::milliseconds longest{20'000};
  // No attempt begins later than this after the start of the call.
  std::chrono::milliseconds patience{30'000};
};

// The wait before the next attempt: base × 2^(retries so far), `longest` at most, times `random` (0 to 1). It
// is at least what AWS asked for (`asked`), but never more than `longest`.
std::chrono::milliseconds delay_before_retry(const retry_policy& policy, int retries_so_far, double random,
                                             std::optional<std::chrono::seconds> asked = {});

}  // namespace dossier::aws
