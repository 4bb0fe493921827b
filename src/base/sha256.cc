#include "base/sha256.h"

#include <openssl/evp.h>

#include <new>

#include "base/encoding.h"

namespace dossier::base {
namespace {

// Fetched once: EVP_sha256() looks its implementation up again, under a lock, at every initialisation.
const EVP_MD* algorithm() {
  static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return fetched;
}

}  // namespace

void sha256::free_context::operator()(evp_md_ctx_st* context) const {
  EVP_MD_CTX_free(context);
}

sha256::sha256() : context_(EVP_MD_CTX_new()) {
  if (!context_ || EVP_DigestInit_ex2(context_.get(), algorithm(), nullptr) != 1) throw std::bad_alloc();
}

void sha256::update(std::span<const std::byte> bytes) {
  EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
}

sha256_digest sha256::finish() {
  sha256_digest digest;
  EVP_DigestFinal_ex(context_.get(), reinterpret_cast<unsigned char*>(digest.data()), nullptr);
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
