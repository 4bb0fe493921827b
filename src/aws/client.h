// One call to AWS from start to end: credentials, signature, sending, retries, errors.
//
//   auto answer = co_await client.call(s3::head_object(bucket, key));
//   if (!answer) return std::unexpected(to_base(answer.error()));
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "aws/credentials/credentials.h"
#include "aws/error.h"
#include "aws/request.h"
#include "aws/retry.h"
#include "aws/transport/transport.h"
#include "base/clock.h"
#include "base/observer.h"
#include "base/random.h"

namespace dossier::aws {

// How the client waits between attempts; in tests it does not wait.
class waiter {
 public:
  virtual ~waiter() = default;
  virtual awaitable<void> wait(std::chrono::milliseconds time) = 0;
};

class timer_waiter final : public waiter {
 public:
  awaitable<void> wait(std::chrono::milliseconds time) override;
};

// All of them outlive the client.
struct client_parts {
  aws::transport& transport;
  credentials_provider& credentials;
  const base::clock& clock;
  base::random_source& random;
  aws::waiter& waiter;
  base::call_observer observer = {};  // (service, operation, …) of each attempt
};

// Safe to use from several event loops. Outlives its calls.
class client {
 public:
  explicit client(client_parts parts, retry_policy policy = {});

  // The answer, when its status is 2xx. Errors are logged here: what is expected in daily work (not_found,
  // conflict, stale) quietly, a missing permission by its name. kinds: not_found, conflict (there is
  // something else: 409), stale (a condition did not hold: 412, ConditionalCheckFailedException),
  // unauthorized (AWS refused), rate_limited (throttled to the end), timed_out, unavailable (the call may
  // have taken effect), invalid (AWS does not understand it: 400), too_large, internal.
  awaitable<outcome<response>> call(request what);
  // The same, with a body to pull. Once the head has come the client does not try again: a body that breaks
  // off ends with unavailable or timed_out.
  awaitable<outcome<streamed_response>> open(request what);
  // A URL for someone else; see presign() in signing.h.
  awaitable<outcome<std::string>> presigned(request what, std::chrono::seconds valid);

  // How far AWS's clock is ahead of ours, as an answer told last; 0 until one did.
  std::chrono::milliseconds clock_skew() const { return std::chrono::milliseconds(skew_.load()); }

 private:
  struct attempt;
  template <class Answer, class Send>
  awaitable<outcome<Answer>> attempts(request what, Send send);
  void learn(attempt& made);
  void renew(const credentials& who, attempt& made);
  std::optional<std::chrono::milliseconds> wait_before_next(const attempt& made);
  double random_part();
  base::time_point now() const;

  client_parts parts_;
  retry_policy policy_;
  retry_tokens tokens_;
  std::atomic<std::int64_t> skew_{0};  // milliseconds
};

}  // namespace dossier::aws
