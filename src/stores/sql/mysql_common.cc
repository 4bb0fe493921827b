#include "stores/sql/mysql_common.h"

#include <utility>

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
    : store(std::move(store_name)), options(std::move(settings)), login(options), tidied_at_ms_(now_ms()) {}

void mysql_common::reached() {
  if (away_since_ms_ != 0) away_since_ms_ = 0;
}

void mysql_common::not_reached() {
  std::int64_t since = 0;
  away_since_ms_.compare_exchange_strong(since, now_ms());
}

milliseconds mysql_common::away_for() const {
  const auto since = away_since_ms_.load();
  return since == 0 ? 0ms : milliseconds(now_ms() - since);
}

void mysql_common::met_replica(int era) {
  const std::lock_guard lock(mutex_);
  // Another has said so; or the primary is sought already, and those made meanwhile are left when it is
  // found.
  if (era != era_ || seeking_primary_) return;
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
