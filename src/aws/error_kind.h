// AWS's error codes sorted: what they mean to the domain, and whether trying again helps.
#pragma once

#include <string_view>

#include "base/result.h"

namespace dossier::aws {

// A bucket or table that is missing is `unavailable`, not `not_found`: that is a matter of the set-up, and
// nobody must conclude that an object is gone.
base::error_code kind_of_code(std::string_view service, std::string_view code, int status);

bool is_throttling(std::string_view code);
bool is_transient(std::string_view code);
// A refusal of HEAD has no body and so no code of AWS's: these are ours.
inline constexpr std::string_view bare_forbidden = "Forbidden";     // 403
inline constexpr std::string_view bare_bad_request = "BadRequest";  // 400

// Certainly, or perhaps: then the answer's Date decides.
bool tells_clock_skew(std::string_view code);
bool may_be_clock_skew(std::string_view code);
// The signature is not what AWS expects, for whatever reason.
bool tells_bad_signature(std::string_view code);
// The session token is too old, or the keys are not known (any more): others are needed.
bool tells_useless_credentials(std::string_view code);

}  // namespace dossier::aws
