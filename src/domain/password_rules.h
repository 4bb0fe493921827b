// Which passwords are accepted (NIST SP 800-63B-4, section 3.1.1): long enough, and not one of those that
// everybody tries first. There are no rules about kinds of characters, and passwords do not expire.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/result.h"

namespace dossier::domain {

inline constexpr std::size_t shortest_password = 15;  // characters, if the password is the only factor
inline constexpr std::size_t shortest_with_second_factor = 8;
inline constexpr std::size_t longest_password = 1'024;  // bytes, so that hashing takes no longer

// invalid, with the field `password`: what is wrong with it, for people. `name` is the account's.
base::result<void> check_new_password(std::string_view password, std::string_view name,
                                      std::size_t shortest = shortest_password);

}  // namespace dossier::domain
