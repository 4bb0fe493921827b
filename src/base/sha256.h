// SHA-256 of bytes that arrive piece by piece.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

struct SHA256state_st;

namespace dossier::base {

using sha256_digest = std::array<std::byte, 32>;

class sha256 {
 public:
  sha256();
  void update(std::span<const std::byte> bytes);
  void update(std::string_view text) { update(std::as_bytes(std::span(text))); }
  // The digest of all bytes given so far. Call it once; after it, update() must not be called.
  sha256_digest finish();

 private:
  struct free_state {
    void operator()(SHA256state_st* state) const;
  };
  std::unique_ptr<SHA256state_st, free_state> state_;
};

sha256_digest sha256_of(std::string_view text);
std::string to_hex(const sha256_digest& digest);                      // 64 lower-case digits
std::optional<sha256_digest> digest_from_hex(std::string_view text);  // in either case; else empty

}  // namespace dossier::base
