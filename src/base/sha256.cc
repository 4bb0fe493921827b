#include "base/sha256.h"

// These functions run the algorithm directly. The newer ones look it up in OpenSSL's providers, and their
// first call loads all providers: 1.7 MiB and some milliseconds at every start
// (docs/adr/0007-libraries-on-demand.md).
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include "base/encoding.h"
#include "base/expects.h"

namespace dossier::base {

void sha256::free_state::operator()(SHA256state_st* state) const {
  delete state;
}

sha256::sha256() : state_(new SHA256state_st) {
  SHA256_Init(state_.get());
}

void sha256::update(std::span<const std::byte> bytes) {
  expects(state_ != nullptr, "the digest is not finished yet");
  SHA256_Update(state_.get(), bytes.data(), bytes.size());
}

sha256_digest sha256::finish() {
  expects(state_ != nullptr, "the digest is finished once");
  sha256_digest digest;
  SHA256_Final(reinterpret_cast<unsigned char*>(digest.data()), state_.get());
  state_.reset();
  return digest;
}

sha256_digest sha256_of(std::string_view text) {
  sha256 hash;
  hash.update(text);
  return hash.finish();
}

std::string to_hex(const sha256_digest& digest) {
  return hex_encode(digest);
}

std::optional<sha256_digest> digest_from_hex(std::string_view text) {
  sha256_digest digest;
  if (!hex_decode(text, digest)) return std::nullopt;
  return digest;
}

}  // namespace dossier::base
