// A clock that moves when a test says so. Safe to use from any thread.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>

#include "base/clock.h"

namespace dossier::fakes {

class manual_clock final : public base::clock {
 public:
  // Starts at 2026-01-01T00:00:00Z unless told.
  explicit manual_clock(
      base::time_point start = base::time_point(std::chrono::milliseconds(1'767'225'600'000)))
      : milliseconds_(start.time_since_epoch().count()) {}

  base::time_point now() const override {
    return base::time_point(std::chrono::milliseconds(milliseconds_.load()));
  }
  void advance(std::chrono::milliseconds by) {
    milliseconds_ += by.count();
    if (moved) moved(now());
  }

  // Called at each advance, so that another clock can be set to the same time.
  std::function<void(base::time_point)> moved;

 private:
  std::atomic<std::int64_t> milliseconds_;
};

}  // namespace dossier::fakes
