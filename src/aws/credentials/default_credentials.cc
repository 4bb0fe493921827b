#include "aws/credentials/default_credentials.h"

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "aws/credentials/container_credentials.h"
#include "aws/credentials/environment.h"
#include "aws/credentials/instance_metadata.h"
#include "aws/credentials/profile_credentials.h"
#include "aws/credentials/sts.h"
#include "aws/endpoints.h"
#include "base/expects.h"
#include "base/log.h"
#include "base/waiting.h"

namespace dossier::aws {
namespace {

// Instances and containers offer new credentials five minutes before the old ones end.
constexpr std::chrono::minutes refresh_before{10};
constexpr std::chrono::seconds too_late{5};            // left for the request itself
constexpr std::chrono::seconds between_refreshes{60};  // while the old credentials are valid
constexpr std::chrono::seconds between_failures{1};    // when there are no valid ones
// The source may return the rejected credentials again and again.
constexpr std::chrono::seconds between_rejections{60};

enum class standing { fresh, aging, useless };

// A refresh that runs on the cache's thread.
struct run {
  asio::io_context loop{1};
  asio::cancellation_signal cancel;  // emitted on the loop
};

error cancelled() {
  return {base::error_code::unavailable, "Cancelled", {}, {}, 0, {}};
}

class chain final : public credentials_provider {
 public:
  explicit chain(std::vector<std::unique_ptr<credentials_provider>> links) : links_(std::move(links)) {}

  awaitable<outcome<credentials>> get() override {
    for (const auto& each : links_) {
      auto found = co_await each->get();
      const bool not_here = !found && found.error().code == "NoCredentials";
      if (not_here) continue;
      answered_ = each.get();
      co_return found;
    }
    co_return pass_error(
        no_credentials("there are none in the environment, in a profile, or at an endpoint"));
  }

  void stop() override {
    for (const auto& each : links_) each->stop();
  }

  std::string name() const override {
    const auto* link = answered_.load();
    return link != nullptr ? link->name() : "nowhere";
  }

 private:
  std::vector<std::unique_ptr<credentials_provider>> links_;
  std::atomic<const credentials_provider*> answered_{nullptr};
};

web_identity_credentials::source web_identity_of(const settings& all) {
  const auto value = [&](const char* name) {
    return all.variables(name).value_or("");
  };
  return {value("AWS_WEB_IDENTITY_TOKEN_FILE"), {value("AWS_ROLE_ARN"), value("AWS_ROLE_SESSION_NAME")}};
}

}  // namespace

struct cached_credentials::state {
  state(std::unique_ptr<credentials_provider> source, const base::clock& time)
      : from(std::move(source)), clock(time) {}

  standing standing_of(base::time_point now) const {
    if (!kept) return standing::useless;
    if (!kept->expires || *kept->expires > now + refresh_before) return standing::fresh;
    return *kept->expires > now + too_late ? standing::aging : standing::useless;
  }

  outcome<credentials> best() const {
    if (standing_of(clock.now()) != standing::useless) return *kept;
    return pass_error(failed.value_or(no_credentials("none were found")));
  }

  const std::unique_ptr<credentials_provider> from;
  const base::clock& clock;
  std::mutex mutex;
  std::optional<credentials> kept;
  std::optional<error> failed;  // of the last refresh
  base::time_point next_refresh;
  base::time_point next_rejection;
  bool refreshing = false;
  bool stopped = false;
  std::map<std::uint64_t, base::resumption<outcome<credentials>>> waiting;
  std::uint64_t waited = 0;  // how many callers have waited so far
  run* running = nullptr;
};

cached_credentials::cached_credentials(std::unique_ptr<credentials_provider> from, const base::clock& clock)
    : state_(std::make_shared<state>(std::move(from), clock)) {
  base::expects(state_->from != nullptr, "a cache has a source");
}

cached_credentials::~cached_credentials() {
  stop();
}

void cached_credentials::stop() {
  state_->from->stop();
  std::map<std::uint64_t, base::resumption<outcome<credentials>>> waiting;
  {
    const std::lock_guard lock(state_->mutex);
    if (std::exchange(state_->stopped, true)) return;
    waiting.swap(state_->waiting);
    if (auto* going = state_->running) {
      asio::post(going->loop, [going] { going->cancel.emit(asio::cancellation_type::terminal); });
    }
  }
  for (auto& [number, each] : waiting) each(pass_error(cancelled()));
}

std::string cached_credentials::name() const {
  return state_->from->name();
}

void cached_credentials::expired(const credentials& which) {
  const std::lock_guard lock(state_->mutex);
  if (!state_->kept || *state_->kept != which) return;  // they were renewed in the meantime
  const auto now = state_->clock.now();
  if (now < state_->next_rejection) return;
  state_->next_rejection = now + between_rejections;
  state_->kept.reset();
  state_->failed.reset();
  state_->next_refresh = {};
}

awaitable<outcome<credentials>> cached_credentials::get() {
  const auto mine = state_;
  std::uint64_t number = 0;
  {
    const std::lock_guard lock(mine->mutex);
    const auto now = mine->clock.now();
    const auto how = mine->standing_of(now);
    if (how == standing::fresh) co_return *mine->kept;
    if (mine->stopped) co_return pass_error(cancelled());
    const bool not_yet = now < mine->next_refresh;
    if (how == standing::useless && not_yet && mine->failed) co_return pass_error(*mine->failed);
    if (!(how == standing::aging && not_yet) && !std::exchange(mine->refreshing, true)) {
      refreshes_.post([mine] { run_refresh(mine); });
    }
    if (how == standing::aging) co_return *mine->kept;
    number = ++mine->waited;
  }
  co_return co_await base::suspend<outcome<credentials>>(
      [&mine, number](base::resumption<outcome<credentials>> resume) {
        std::unique_lock lock(mine->mutex);
        if (mine->refreshing && !mine->stopped) {
          mine->waiting.emplace(number, std::move(resume));
          return;
        }
        auto found = mine->best();
        lock.unlock();
        resume(std::move(found));
      },
      [mine, number] {
        std::unique_lock lock(mine->mutex);
        auto left = mine->waiting.extract(number);
        lock.unlock();
        if (left) left.mapped()(pass_error(cancelled()));
      });
}

void cached_credentials::run_refresh(const std::shared_ptr<state>& mine) {
  run here;
  {
    const std::lock_guard lock(mine->mutex);
    if (!mine->stopped) mine->running = &here;
  }
  if (mine->running == nullptr) return finish(mine, pass_error(cancelled()));
  asio::co_spawn(here.loop, refresh(mine), asio::bind_cancellation_slot(here.cancel.slot(), asio::detached));
  here.loop.run();
}

awaitable<void> cached_credentials::refresh(std::shared_ptr<state> mine) {
  outcome<credentials> found = pass_error({base::error_code::internal, "ProviderFailed", "a bug", {}, 0, {}});
  try {
    found = co_await mine->from->get();
  } catch (const std::exception& problem) {
    const std::lock_guard lock(mine->mutex);
    if (!mine->stopped) base::log_error("a credentials provider failed", {{"message", problem.what()}});
  }
  finish(mine, std::move(found));
}

void cached_credentials::finish(const std::shared_ptr<state>& mine, outcome<credentials> found) {
  std::map<std::uint64_t, base::resumption<outcome<credentials>>> waiting;
  {
    const std::lock_guard lock(mine->mutex);
    const auto now = mine->clock.now();
    base::expects(mine->refreshing, "a refresh that ends has begun");
    mine->refreshing = false;
    mine->running = nullptr;
    if (found) {
      mine->kept = *found;
      mine->failed.reset();
    } else {
      mine->failed = found.error();
      // Credentials that are still valid stay in use.
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
  for (auto& [number, each] : waiting) each(found);
}

std::unique_ptr<credentials_provider> default_credentials(const settings& all, transport& via,
                                                          const base::clock& clock) {
  std::vector<std::unique_ptr<credentials_provider>> links;
  links.push_back(std::make_unique<environment_credentials>(all.variables));
  links.push_back(
      std::make_unique<web_identity_credentials>(web_identity_of(all), endpoint_of(all, service::sts), via));
  links.push_back(std::make_unique<profile_credentials>(all, via, clock));
  links.push_back(std::make_unique<container_credentials>(all.variables, via));
  links.push_back(std::make_unique<instance_credentials>(all.variables, via));
  return std::make_unique<cached_credentials>(std::make_unique<chain>(std::move(links)), clock);
}

}  // namespace dossier::aws
