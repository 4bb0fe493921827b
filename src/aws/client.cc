#include "aws/client.h"

#include <array>
#include <cstring>
#include <utility>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "aws/answer.h"
#include "aws/error.h"
#include "aws/signing/dates.h"
#include "aws/signing/signing.h"
#include "base/expects.h"

namespace dossier::aws {
namespace {

// When the session token has expired, S3 answers a HEAD with 400 and no reason.
bool perhaps_expired(const error& failed, const credentials& with) {
  return failed.code == bare_bad_request && !with.session_token.empty();
}

}  // namespace

awaitable<void> timer_waiter::wait(std::chrono::milliseconds time) {
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  co_await timer.async_wait(asio::use_awaitable);
}

// The state of a call, from its first attempt to its last.
struct client::attempt {
  int number = 0;  // from 1
  base::time_point began;
  failure_kind kind = failure_kind::final;
  error failed = {};
  int tokens = 0;  // retry tokens that this attempt took
  bool clock_corrected = false;
  std::optional<credentials> refused = {};  // by AWS; new ones are requested once
};

client::client(client_parts parts, retry_policy policy) : parts_(std::move(parts)), policy_(policy) {
  base::expects(policy_.attempts > 0, "a call is tried at least once");
}

base::time_point client::now() const {
  return parts_.clock.now() + clock_skew();
}

double client::random_part() {
  std::array<std::byte, 4> bytes;
  parts_.random.fill(bytes);
  std::uint32_t value = 0;
  std::memcpy(&value, bytes.data(), bytes.size());
  return static_cast<double>(value) / 4294967296.0;
}

// When AWS says that our time is wrong, the Date of its answer has the right time.
void client::learn(attempt& made) {
  made.kind = kind_of(made.failed);
  if (!may_be_clock_skew(made.failed.code)) return;
  made.kind = failure_kind::final;
  if (made.clock_corrected || !skew_behind(made.failed, now())) return;
  skew_ = (*made.failed.date - parts_.clock.now()).count();
  made.clock_corrected = true;
  made.kind = failure_kind::clock_skew;
}

// Requests other credentials, once per call, because these may have been replaced meanwhile.
void client::renew(const credentials& who, attempt& made) {
  const bool useless = tells_useless_credentials(made.failed.code) || perhaps_expired(made.failed, who);
  if (!useless || made.refused) return;
  parts_.credentials.expired(who);
  made.refused = who;
  made.kind = failure_kind::credentials;
}

// Empty when that was the last attempt.
std::optional<std::chrono::milliseconds> client::wait_before_next(const attempt& made) {
  if (made.kind == failure_kind::final || made.number >= policy_.attempts) return std::nullopt;
  if (made.kind == failure_kind::clock_skew || made.kind == failure_kind::credentials) {
    return std::chrono::milliseconds(0);
  }
  const auto wait = delay_before_retry(policy_, made.number - 1, random_part(), made.failed.retry_after);
  if (parts_.clock.now() + wait > made.began + policy_.patience) return std::nullopt;
  return wait;
}

template <class Answer, class Send>
awaitable<outcome<Answer>> client::attempts(request what, Send send) {
  attempt made{.began = parts_.clock.now()};
  for (;;) {
    ++made.number;
    auto who = co_await parts_.credentials.get();
    if (!who) {
      log_failure(what.what, who.error(), made.number);
      co_return pass_error(std::move(who.error()));
    }
    if (made.refused == *who) {  // there are no others
      if (perhaps_expired(made.failed, *who)) {
        made.failed.kind = base::error_code::unauthorized;
        made.failed.code = "ExpiredToken";
        made.failed.message = "refused without a reason; the session token may have expired";
      }
      break;
    }
    const auto started = std::chrono::steady_clock::now();
    auto answered = co_await send(sign(what, *who, now()));
    if (!answered) made.kind = kind_of(answered.error());
    const bool came = answered.has_value();
    auto judged = co_await outcome_of(what, std::move(answered));
    if (parts_.observer) {
      const bool worked = judged || judged.error().kind == base::error_code::not_found ||
                          judged.error().kind == base::error_code::stale;
      parts_.observer(what.what.service, what.what.name, std::chrono::steady_clock::now() - started, worked);
    }
    if (judged) {
      tokens_.give_back(made.tokens);
      co_return judged;
    }
    made.failed = std::move(judged.error());
    if (came) {
      learn(made);
      renew(*who, made);
    }
    const auto wait = wait_before_next(made);
    const auto tokens = wait ? tokens_.take(made.kind) : std::nullopt;
    if (!tokens) break;
    made.tokens = *tokens;
    if (*wait > std::chrono::milliseconds(0)) co_await parts_.waiter.wait(*wait);
  }
  log_failure(what.what, made.failed, made.number);
  co_return pass_error(std::move(made.failed));
}

awaitable<outcome<response>> client::call(request what) {
  auto& via = parts_.transport;
  return attempts<response>(std::move(what),
                            [&via](http_request ready) { return via.send(std::move(ready)); });
}

awaitable<outcome<streamed_response>> client::open(request what) {
  auto& via = parts_.transport;
  return attempts<streamed_response>(std::move(what),
                                     [&via](http_request ready) { return via.open(std::move(ready)); });
}

awaitable<outcome<std::string>> client::presigned(request what, std::chrono::seconds valid) {
  auto who = co_await parts_.credentials.get();
  if (!who) {
    log_failure(what.what, who.error(), 1);
    co_return pass_error(std::move(who.error()));
  }
  co_return presign(what, *who, now(), valid);
}

}  // namespace dossier::aws
