#include "base/passwords.h"

#include <new>

#include <sodium.h>

#include "base/expects.h"

namespace dossier::base {
namespace {

// OWASP's smallest choice for Argon2id: 19 MiB, two passes, one lane.
constexpr unsigned long long passes = 2;
constexpr std::size_t memory = std::size_t{19} << 20;

}  // namespace

std::string hash_password(std::string_view password) {
  expects(sodium_init() >= 0, "libsodium can be used");
  std::string hash(crypto_pwhash_STRBYTES, '\0');
  if (crypto_pwhash_str_alg(hash.data(), password.data(), password.size(), passes, memory,
                            crypto_pwhash_ALG_ARGON2ID13) != 0) {
    throw std::bad_alloc();
  }
  hash.resize(hash.find('\0'));
  return hash;
}

bool is_password_of(const std::string& hash, std::string_view password) {
  expects(sodium_init() >= 0, "libsodium can be used");
  // A longer text than a hash can be is none.
  if (hash.size() >= crypto_pwhash_STRBYTES) return false;
  return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

bool is_outdated_hash(const std::string& hash) {
  expects(sodium_init() >= 0, "libsodium can be used");
  return hash.size() >= crypto_pwhash_STRBYTES ||
         crypto_pwhash_str_needs_rehash(hash.c_str(), passes, memory) != 0;
}

}  // namespace dossier::base
