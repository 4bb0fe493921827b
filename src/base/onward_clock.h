// A clock that never goes back: set back, it goes on with the time that passes, until the other one has
// caught up or is ahead. What is due by it comes due in time. Of the databases in a file, which have no other
// clock.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <utility>

#include "base/clock.h"

namespace dossier::base {

class onward_clock final : public clock {
 public:
  // `wall` outlives this. `passed` is how much time has passed since some moment, and is never set.
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

  // It was this late already, before this process began.
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
  mutable std::atomic<std::int64_t> ahead_ = INT64_MIN / 2;  // of the wall before the time that has passed
};

}  // namespace dossier::base
