#include "stores/sql/mysql_runner.h"

namespace dossier::stores::sql {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

constexpr milliseconds between_tidying = 1min;

std::int64_t now_ms() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<milliseconds>(now).count();
}

}  // namespace

mysql_common::mysql_common(std::string store_name, mysql_settings settings)
    : store(std::move(store_name)), options(std::move(settings)), tidied_at_ms_(now_ms()) {}

bool mysql_common::pause(milliseconds time) {
  std::unique_lock lock(mutex_);
  return !stopped_.wait_for(lock, time, [this] { return stopping_; });
}

void mysql_common::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stopped_.notify_all();
}

void mysql_common::reached() {
  away_since_ms_ = 0;
}

milliseconds mysql_common::not_reached() {
  std::int64_t since = 0;
  const auto now = now_ms();
  if (away_since_ms_.compare_exchange_strong(since, now)) return 0ms;
  return milliseconds(now - since);
}

void mysql_common::met_replica(int era) {
  const std::lock_guard lock(mutex_);
  if (era != era_) return;  // another has said so
  ++era_;
  seeking_primary_ = true;
}

int mysql_common::wrote(int era) {
  if (!seeking_primary_) return era;
  const std::lock_guard lock(mutex_);
  // An older connection may have written before its server changed.
  if (era != era_ || !seeking_primary_) return era;
  seeking_primary_ = false;
  return ++era_;
}

bool mysql_common::is_time_to_tidy() {
  auto last = tidied_at_ms_.load();
  const auto now = now_ms();
  return now - last >= between_tidying.count() && tidied_at_ms_.compare_exchange_strong(last, now);
}

void mysql_common::tidy_again() {
  tidied_at_ms_ = now_ms() - between_tidying.count();
}

}  // namespace dossier::stores::sql
