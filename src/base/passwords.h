// Passwords, hashed with Argon2id (RFC 9106) by libsodium. A hash takes about 19 MiB of memory and some ten
// milliseconds of a processor, so call these on a small pool of threads.
#pragma once

#include <string>
#include <string_view>

namespace dossier::base {

// The hash with its salt and parameters, as text: "$argon2id$v=19$m=19456,t=2,p=1$…". Throws std::bad_alloc
// when there is not enough memory.
std::string hash_password(std::string_view password);

// Takes as long for a wrong password as for the right one. False for a text that is not such a hash.
bool is_password_of(const std::string& hash, std::string_view password);

// Whether the hash was made with other parameters than hash_password() uses now.
bool is_outdated_hash(const std::string& hash);

}  // namespace dossier::base
