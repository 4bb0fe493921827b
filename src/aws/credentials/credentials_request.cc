#include "aws/credentials/credentials_request.h"

#include <algorithm>
#include <random>
#include <utility>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "aws/answer.h"
#include "aws/retry.h"
#include "base/expects.h"

namespace dossier::aws {
namespace {

constexpr std::chrono::milliseconds first_pause{200};  // doubled each time
constexpr std::chrono::milliseconds longest_pause{5'000};

bool may_work_again(const error& failed) {
  if (failed.status == 0) {
    return failed.code == "ConnectionFailed" || failed.code == "ConnectionCut" || failed.code == "TimedOut";
  }
  const auto kind = kind_of(failed);
  return failed.status >= 500 || kind == failure_kind::throttled || kind == failure_kind::timed_out ||
         kind == failure_kind::transient;
}

// A random part of the pause, at least half of it, because many nodes may have started at the same time.
std::chrono::milliseconds pause_before(int attempt, const error& failed) {
  thread_local std::minstd_rand random{std::random_device()()};
  const auto grown = first_pause * (1 << (attempt - 1));
  const std::chrono::milliseconds part(
      std::uniform_int_distribution<std::int64_t>(grown.count() / 2, grown.count())(random));
  const std::chrono::milliseconds asked = failed.retry_after.value_or(std::chrono::seconds(0));
  return std::min(std::max(part, asked), longest_pause);
}

}  // namespace

awaitable<outcome<response>> request_credentials(transport& via, http_request what, std::string_view whose,
                                                 int attempts) {
  base::expects(attempts >= 1 && attempts <= 10, "there are a few attempts");
  const request described{.what = {.service = whose}};
  what.max_response = std::size_t{64} << 10;
  for (int attempt = 1;; ++attempt) {
    auto answered = co_await via.send(what);
    auto judged = co_await outcome_of(described, std::move(answered));
    // The answer may repeat the token that was sent, and failures are logged. So only the code is kept.
    if (!judged && judged.error().status != 0) judged.error().message.clear();
    if (judged || attempt >= attempts || !may_work_again(judged.error())) co_return judged;
    asio::steady_timer pause(co_await asio::this_coro::executor, pause_before(attempt, judged.error()));
    co_await pause.async_wait(asio::use_awaitable);
  }
}

}  // namespace dossier::aws
