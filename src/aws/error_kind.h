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
// Certainly, or perhaps: then the answer's Date decides.
bool tells_clock_skew(std::string_view code);
bool may_be_clock_skew(std::string_view code);
// The session token is too old: others are needed.
bool tells_expired_token(std::string_view code);

}  // namespace dossier::aws
