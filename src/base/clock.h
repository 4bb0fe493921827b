// Clocks that are passed in, so that tests can set the time. Times are UTC with a resolution of a
// millisecond, as all three stores keep them.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

namespace dossier::base {

using time_point = std::chrono::sys_time<std::chrono::milliseconds>;

class clock {
 public:
  virtual ~clock() = default;
  virtual time_point now() const = 0;
};

class system_clock final : public clock {
 public:
  time_point now() const override;
};

// RFC 3339 in UTC with milliseconds: 2026-01-31T23:59:59.123Z
std::string to_rfc3339(time_point when);

// RFC 9110 IMF-fixdate: Sun, 06 Nov 1994 08:49:37 GMT
std::string to_http_date(time_point when);

// A clock that never goes back. When the system's clock is set back, this clock continues at normal speed and
// stays ahead of it, so that tasks still become due in time. For the SQLite databases, which have no clock of
// their own. May be used from any thread.
class onward_clock final : public clock {
 public:
  // `wall` must outlive this clock. `passed` returns the time since a fixed moment, by a clock that nobody
  // can set.
  explicit onward_clock(const clock& wall, std::function<std::chrono::milliseconds()> passed = steady)
      : wall_(wall), passed_(std::move(passed)) {
    now();
  }

  time_point now() const override {
    const auto passed = passed_().count();
    const auto seen = wall_.now().time_since_epoch().count() - passed;
    auto ahead = ahead_.load(std::memory_order_relaxed);
    while (seen > ahead && !ahead_.compare_exchange_weak(ahead, seen, std::memory_order_relaxed)) {
    }
    return time_point(std::chrono::milliseconds(passed + std::max(seen, ahead)));
  }

  // From now on this clock is not before `known`, a time that is known to have passed already.
  void not_before(time_point known) {
    const auto least = known.time_since_epoch().count() - passed_().count();
    auto ahead = ahead_.load();
    while (least > ahead && !ahead_.compare_exchange_weak(ahead, least)) {
    }
  }

 private:
  static std::chrono::milliseconds steady() {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch());
  }

  const clock& wall_;
  const std::function<std::chrono::milliseconds()> passed_;
  mutable std::atomic<std::int64_t> ahead_ = INT64_MIN / 2;  // ms from passed_ to wall_ at most; only grows
};

}  // namespace dossier::base
