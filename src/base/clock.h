// Time as a dependency. Instants are UTC with a resolution of a millisecond, as all three stores keep them.
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

// A clock that never goes back. When the wall clock is set back, this one goes on with the time that passes
// until the wall clock has caught up, so tasks come due in time. For the databases in a file, which have no
// clock of their own.
class onward_clock final : public clock {
 public:
  // `wall` outlives this. `passed` tells the time since some fixed moment; nobody can set it.
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

  // The time was already this late before this process began.
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
  mutable std::atomic<std::int64_t> ahead_ = INT64_MIN / 2;  // of the wall clock before passed_; only grows
};

}  // namespace dossier::base
