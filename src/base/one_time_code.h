// One-time codes that an authenticator app shows (TOTP, RFC 6238), by liboath: six digits from a secret and
// the time, a new one every 30 seconds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace dossier::base {

// What apps take: the secret's bytes are random (160 bits, RFC 4226).
inline constexpr std::size_t one_time_secret_size = 20;

// As people type it into an app: groups of four letters and digits in base32.
std::string one_time_secret_text(std::string_view secret);
// The address in the picture that an app reads. `name` says whose code it is.
std::string one_time_secret_address(std::string_view secret, std::string_view issuer, std::string_view name);

std::string one_time_code(std::string_view secret, std::int64_t step);
// The number of the 30 seconds in which the time lies.
std::int64_t one_time_step(time_point when);
// Which step a code belongs to: that of the time, or the one before or after it, because clocks differ.
// Empty: it is wrong. Blanks in the code do not matter. It takes as long for a wrong code as for a right one.
std::optional<std::int64_t> find_one_time_step(std::string_view secret, std::string_view code,
                                               time_point when);

}  // namespace dossier::base
