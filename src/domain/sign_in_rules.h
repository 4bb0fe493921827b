// What the parts of signing in share (sign_in.cc, sign_in_changes.cc, second_factor.cc).
#pragma once

#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/sha256.h"
#include "domain/sign_in.h"

namespace dossier::domain {

inline constexpr std::size_t longest_account_name = 100;  // characters
// Letters and digits, without the hyphens between: 80 bits in base32.
inline constexpr std::size_t recovery_code_length = 16;
inline constexpr std::size_t secret_length = 43;  // of 32 bytes in base64url

// The name as it is kept. invalid, with the field `name`.
result<std::string> check_name(std::string_view typed);

// unauthorized, with this field: the password is wrong, or the name.
std::unexpected<base::error> wrong_pair(std::string_view field);
std::unexpected<base::error> too_many_tries(std::chrono::seconds wait);

// The name of an account and a client's network as one text of limited size, however long the name is that
// somebody sends: wrong passwords and codes are counted by it.
std::string pair_of(std::string_view name, std::string_view network);

// Of what may be a secret; empty: it has not the form of one.
std::optional<base::sha256_digest> digest_of(std::string_view secret);

// Of a recovery code as it was typed; empty: it has not the form of one.
std::optional<base::sha256_digest> digest_of_recovery_code(std::string_view typed);

actor by_session(const signed_in& who, const sign_in::client& from);

// Characters of a new password.
std::size_t shortest_password_of(const account& who);

}  // namespace dossier::domain
