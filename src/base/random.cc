#include "base/random.h"

#include <array>

#include <sodium.h>

#include "base/encoding.h"

namespace dossier::base {

std::string random_source::token() {
  std::array<std::byte, 16> bits;
  fill(bits);
  return hex_encode(bits);
}

void system_random::fill(std::span<std::byte> bytes) {
  randombytes_buf(bytes.data(), bytes.size());
}

}  // namespace dossier::base
