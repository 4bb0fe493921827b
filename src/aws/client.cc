#include "aws/client.h"

#include <array>
#include <cstring>
#include <utility>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "aws/dates.h"
#include "aws/error_kind.h"
#include "aws/judging.h"
#include "aws/signing.h"

namespace dossier::aws {
namespace {

// AWS accepts five minutes; some room for the way there.
constexpr std::chrono::minutes tolerated_skew{4};

headers headers_of(const auto& answered) {
  return answered ? answered->headers : headers{};
}

}  // namespace

awaitable<void> timer_waiter::wait(std::chrono::milliseconds time) {
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  co_await timer.async_wait(asio::use_awaitable);
}

// What is known of the call so far.
struct client::attempt {
  int number = 0;  // from 1
  base::time_point began;
  failure_kind kind = failure_kind::final;
  error failed = {};
  int tokens = 0;  // taken for this attempt
  bool clock_corrected = false;
  bool credentials_renewed = false;
};

client::client(client_parts parts, retry_policy policy) : parts_(std::move(parts)), policy_(policy) {}

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

// When AWS says that the time is wrong, its Date is right.
void client::learn(const headers& answered, attempt& made) {
  made.kind = kind_of(made.failed);
  if (!may_be_clock_skew(made.failed.code)) return;
  made.kind = failure_kind::final;
  const auto* date = find_header(answered, "Date");
  const auto theirs = date != nullptr ? parse_http_date(*date) : std::nullopt;
  if (!theirs || made.clock_corrected) return;
  const auto off = *theirs - now();
  if (off < tolerated_skew && off > -tolerated_skew && !tells_clock_skew(made.failed.code)) return;
  skew_ = (*theirs - parts_.clock.now()).count();
  made.clock_corrected = true;
  made.kind = failure_kind::clock_skew;
}

// Nothing: that was the last attempt.
std::optional<std::chrono::milliseconds> client::wait_before_next(const attempt& made) {
  if (made.kind == failure_kind::final || made.number >= policy_.attempts) return std::nullopt;
  if (made.kind == failure_kind::clock_skew) return std::chrono::milliseconds(0);
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
    const auto started = std::chrono::steady_clock::now();
    auto answered = co_await send(sign(what, *who, now()));
    if (!answered) made.kind = kind_of(answered.error());
    const auto given = headers_of(answered);
    const bool came = answered.has_value();
    auto judged = co_await judge(what, std::move(answered));
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
    if (came) learn(given, made);
    if (tells_expired_token(made.failed.code) && !std::exchange(made.credentials_renewed, true)) {
      parts_.credentials.expired(*who);
      made.kind = failure_kind::transient;
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
