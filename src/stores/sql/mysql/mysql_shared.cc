#include "stores/sql/mysql/mysql_shared.h"

#include <algorithm>
#include <utility>

#include "base/expects.h"
#include "base/log.h"

namespace dossier::stores::sql {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

}  // namespace

// Threads that come while another thread logs in wait for its result. If it succeeds, they log in too, all at
// once; if it fails, they fail with the same error.
mysql_handle mysql_login::open() {
  std::unique_lock lock(mutex_);
  if (asking_) {
    const auto round = rounds_;
    asked_.wait(lock, [&] { return rounds_ != round || !asking_; });
    if (failed_) std::rethrow_exception(failed_);
    lock.unlock();
    return connect_with(options_, password_of(options_, false));
  }
  asking_ = true;
  lock.unlock();
  const auto end = [&](std::exception_ptr how) {
    {
      const std::lock_guard hold(mutex_);
      asking_ = false;
      ++rounds_;
      failed_ = std::move(how);
    }
    asked_.notify_all();
  };
  try {
    auto session = ask();
    end(nullptr);
    return session;
  } catch (...) {
    end(std::current_exception());
    throw;
  }
}

mysql_handle mysql_login::ask() {
  if (refused_) return ask_after_refusal();
  auto password = password_of(options_, false);
  try {
    return try_with(password);
  } catch (const mysql_failure& problem) {
    if (!problem.is_login()) throw;
  }
  // The password may have changed since it was read.
  base::log_info("password refused, reading it again", {{"host", options_.host}, {"user", options_.user}});
  auto fresh = password_of(options_, true);
  if (fresh == password) throw mysql_failure(refused_->why);
  refused_.reset();
  return try_with(fresh);
}

mysql_handle mysql_login::ask_after_refusal() {
  const auto now = steady_clock::now();
  const bool is_time = now >= refused_->try_again;
  if (!is_time && now < refused_->look_again) throw mysql_failure(refused_->why);
  auto password = password_of(options_, true);
  refused_->look_pause = std::min(refused_->look_pause * 2, pauses_.longest_look);
  refused_->look_again = steady_clock::now() + refused_->look_pause;
  // A token is different each time, so a difference proves nothing.
  const bool changed = !options_.clear_password && password != refused_->password;
  if (!changed && !is_time) throw mysql_failure(refused_->why);
  if (changed) refused_.reset();
  return try_with(password);
}

mysql_handle mysql_login::try_with(const std::string& password) {
  try {
    auto session = connect_with(options_, password);
    refused_.reset();
    return session;
  } catch (const mysql_failure& problem) {
    if (problem.is_login()) remember(password, problem);
    throw;
  }
}

void mysql_login::remember(std::string password, const mysql_failure& why) {
  const auto now = steady_clock::now();
  // Servers count failed log-ins only for passwords that they keep themselves; a token is not one of those.
  const bool token = options_.clear_password;
  const auto first = token ? pauses_.first_look : pauses_.first_try;
  const auto longest = token ? pauses_.longest_look : pauses_.longest_try;
  const auto pause = refused_ ? std::min(refused_->try_pause * 2, longest) : first;
  refused_.emplace(refusal{.password = std::move(password),
                           .why = why,
                           .try_again = now + pause,
                           .try_pause = pause,
                           .look_again = now + pauses_.first_look,
                           .look_pause = pauses_.first_look});
  base::log_error("the database refuses this login, and is not asked again for a while",
                  {{"host", options_.host},
                   {"user", options_.user},
                   {"again_in_s", std::chrono::duration_cast<std::chrono::seconds>(pause).count()},
                   {"detail", why.detail()}});
}

namespace {

using namespace std::chrono_literals;

constexpr milliseconds between_tidying = 1min;

std::int64_t now_ms() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<milliseconds>(now).count();
}

}  // namespace

mysql_shared_state::mysql_shared_state(std::string store_name, mysql_settings settings)
    : store(std::move(store_name)), options(std::move(settings)), login(options), tidied_at_ms_(now_ms()) {}

void mysql_shared_state::reached() {
  if (away_since_ms_ != 0) away_since_ms_ = 0;
}

void mysql_shared_state::not_reached() {
  std::int64_t since = 0;
  away_since_ms_.compare_exchange_strong(since, now_ms());
}

milliseconds mysql_shared_state::away_for() const {
  const auto since = away_since_ms_.load();
  return since == 0 ? 0ms : milliseconds(now_ms() - since);
}

void mysql_shared_state::met_replica(int era) {
  const std::lock_guard lock(mutex_);
  base::expects(era <= era_, "no connection is of an era to come");
  // Another connection has reported this already; or the new primary is being looked for, and connections
  // that are made in the meantime are closed when it is found.
  if (era != era_ || seeking_primary_) return;
  ++era_;
  seeking_primary_ = true;
}

int mysql_shared_state::wrote(int era) {
  if (!seeking_primary_) return era;
  const std::lock_guard lock(mutex_);
  // An older connection may have written before its server became a replica.
  if (era != era_ || !seeking_primary_) return era;
  seeking_primary_ = false;
  return ++era_;
}

bool mysql_shared_state::is_time_to_tidy() {
  auto last = tidied_at_ms_.load();
  const auto now = now_ms();
  return now - last >= between_tidying.count() && tidied_at_ms_.compare_exchange_strong(last, now);
}

void mysql_shared_state::tidy_again() {
  tidied_at_ms_ = now_ms() - between_tidying.count();
}

}  // namespace dossier::stores::sql
