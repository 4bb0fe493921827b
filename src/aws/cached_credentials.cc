#include "aws/cached_credentials.h"

#include <mutex>
#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>

#include "base/log.h"
#include "base/suspend.h"

namespace dossier::aws {
namespace {

// Instances and containers hand out new ones five minutes before the old ones end.
constexpr std::chrono::minutes refresh_before{10};
constexpr std::chrono::seconds too_late{5};            // a request takes its time
constexpr std::chrono::seconds between_refreshes{60};  // while the old ones are valid
constexpr std::chrono::seconds between_failures{1};    // when there are none

enum class standing { fresh, aging, useless };

}  // namespace

struct cached_credentials::state {
  state(std::unique_ptr<credentials_provider> source, const base::clock& time)
      : from(std::move(source)), clock(time) {}

  standing standing_of(base::time_point now) const {
    if (!kept) return standing::useless;
    if (!kept->expires || *kept->expires > now + refresh_before) return standing::fresh;
    return *kept->expires > now + too_late ? standing::aging : standing::useless;
  }

  const std::unique_ptr<credentials_provider> from;
  const base::clock& clock;
  std::mutex mutex;
  std::optional<credentials> kept;
  std::optional<error> failed;  // of the last refresh
  base::time_point next_refresh;
  bool refreshing = false;
  std::vector<base::resumption<outcome<credentials>>> waiting;
};

cached_credentials::cached_credentials(std::unique_ptr<credentials_provider> from, const base::clock& clock)
    : state_(std::make_shared<state>(std::move(from), clock)) {}

cached_credentials::~cached_credentials() = default;

std::string cached_credentials::name() const {
  return state_->from->name();
}

void cached_credentials::expired(const credentials& which) {
  const std::lock_guard lock(state_->mutex);
  if (!state_->kept || *state_->kept != which) return;  // they were renewed in the meantime
  state_->kept.reset();
  state_->failed.reset();
  state_->next_refresh = {};
}

awaitable<outcome<credentials>> cached_credentials::get() {
  const auto mine = state_;
  const auto executor = co_await asio::this_coro::executor;
  bool start = false;
  std::optional<credentials> valid;
  {
    const std::lock_guard lock(mine->mutex);
    const auto now = mine->clock.now();
    const auto how = mine->standing_of(now);
    if (how == standing::fresh) co_return *mine->kept;
    const bool not_yet = now < mine->next_refresh;
    if (how == standing::useless && not_yet && mine->failed) co_return pass_error(*mine->failed);
    if (how == standing::aging && (not_yet || mine->refreshing)) co_return *mine->kept;
    start = !std::exchange(mine->refreshing, true);
    if (how == standing::aging) valid = mine->kept;
  }
  if (start) asio::co_spawn(executor, refresh(mine), asio::detached);
  if (valid) co_return std::move(*valid);
  co_return co_await base::suspend<outcome<credentials>>(
      [&mine](base::resumption<outcome<credentials>> resume) {
        std::unique_lock lock(mine->mutex);
        const bool usable = mine->standing_of(mine->clock.now()) != standing::useless;
        if (mine->refreshing && !usable) return mine->waiting.push_back(std::move(resume));
        auto found = usable ? outcome<credentials>(*mine->kept)
                            : pass_error(mine->failed.value_or(no_credentials("none were found")));
        lock.unlock();
        resume(std::move(found));
      },
      [] {});  // a refresh ends by itself
}

awaitable<void> cached_credentials::refresh(std::shared_ptr<state> mine) {
  outcome<credentials> found = pass_error({base::error_code::internal, "ProviderFailed", "a bug", {}, 0, {}});
  try {
    found = co_await mine->from->get();
  } catch (const std::exception& bug) {
    base::log_error("a credentials provider failed", {{"message", bug.what()}});
  }
  std::vector<base::resumption<outcome<credentials>>> waiting;
  {
    const std::lock_guard lock(mine->mutex);
    const auto now = mine->clock.now();
    mine->refreshing = false;
    if (found) {
      mine->kept = *found;
      mine->failed.reset();
    } else {
      mine->failed = found.error();
      // Those that are still valid go on being used.
      if (mine->standing_of(now) != standing::useless) {
        base::log_warning("credentials could not be refreshed",
                          {{"from", mine->from->name()}, {"code", found.error().code}});
        found = *mine->kept;
      }
    }
    const bool usable = mine->standing_of(now) != standing::useless;
    mine->next_refresh = now + (usable ? between_refreshes : between_failures);
    waiting.swap(mine->waiting);
  }
  for (auto& each : waiting) each(found);
}

}  // namespace dossier::aws
