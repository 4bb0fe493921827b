// Reads times in AWS's formats. Empty when the text has another format.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "aws/error.h"
#include "base/clock.h"

namespace dossier::aws {

// Sun, 06 Nov 1994 08:49:37 GMT
std::optional<base::time_point> parse_http_date(std::string_view text);
// 2026-01-31T23:59:59Z, with any number of decimals; also with "UTC" or +00:00 at the end.
std::optional<base::time_point> parse_iso_date(std::string_view text);

// AWS refuses requests that were signed with a wrong time. The Date of its answer has the right time. Pure.

// How far AWS's clock is ahead of `now`, when that explains this error; otherwise empty.
std::optional<std::chrono::milliseconds> skew_behind(const error& failed, base::time_point now);

}  // namespace dossier::aws
