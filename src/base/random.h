// Random bytes from a source that is passed in: unpredictable in production, repeatable in tests.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace dossier::base {

class random_source {
 public:
  virtual ~random_source() = default;
  virtual void fill(std::span<std::byte> bytes) = 0;

  // 128 random bits as 32 hexadecimal digits.
  std::string token();
};

// The kernel's generator. Safe to use from any thread.
class system_random final : public random_source {
 public:
  void fill(std::span<std::byte> bytes) override;
};

}  // namespace dossier::base
