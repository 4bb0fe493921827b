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

// All of them must outlive the client.
struct client_parts {
  aws::transport& transport;
  credentials_provider& credentials;
  const base::clock& clock;
  base::random_source& random;
  aws::waiter& waiter;
  base::call_observer observer = {};  // (service, operation, …) of each attempt
};

// May be used from several event loops. Must outlive its calls.
class client {
 public:
  explicit client(client_parts parts, retry_policy policy = {});

  // Returns the answer when its status is 2xx. Errors are logged here: those that are expected in daily work
  // (not_found, conflict, stale) at debug level, a missing permission with its name. Errors: not_found,
  // conflict (409: another change is in progress), stale (a condition was false: 412,
  // ConditionalCheckFailedException), unauthorized (AWS refused the call), rate_limited (throttled at each
  // attempt), timed_out and unavailable (the call may have taken effect), invalid (400: AWS does not accept
  // the request), too_large, internal.
  awaitable<outcome<response>> call(request what);
  // The same, for an answer whose body is pulled. After the head has arrived, the client does not try again:
  // a body that breaks off ends with unavailable or timed_out.
  awaitable<outcome<streamed_response>> open(request what);
  // A URL with which anybody can make this request; see presign() in signing/signing.h.
  awaitable<outcome<std::string>> presigned(request what, std::chrono::seconds valid);

  // How far AWS's clock is ahead of ours, from the last answer that said that our time is wrong. 0 before
  // that.
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
