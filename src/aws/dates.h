// Instants as AWS writes them.
#pragma once

#include <optional>
#include <string_view>

#include "base/clock.h"

namespace dossier::aws {

// Sun, 06 Nov 1994 08:49:37 GMT
std::optional<base::time_point> parse_http_date(std::string_view text);
// 2026-01-31T23:59:59Z, with any number of decimals; also with "UTC" or +00:00 at the end.
std::optional<base::time_point> parse_iso_date(std::string_view text);

}  // namespace dossier::aws
