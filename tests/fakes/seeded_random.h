// Randomness that repeats: the same seed, the same bytes. Safe to use from any thread.
#pragma once

#include <mutex>
#include <random>

#include "base/random.h"

namespace dossier::fakes {

class seeded_random final : public base::random_source {
 public:
  explicit seeded_random(std::uint64_t seed = 1) : engine_(seed) {}

  void fill(std::span<std::byte> bytes) override {
    const std::lock_guard lock(mutex_);
    for (auto& byte : bytes) byte = static_cast<std::byte>(engine_() >> 32);
  }

 private:
  std::mutex mutex_;
  std::mt19937_64 engine_;
};

}  // namespace dossier::fakes
