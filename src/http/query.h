// Percent-encoding, query strings and application/x-www-form-urlencoded bodies.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace dossier::http {

struct name_value {
  std::string name;
  std::string value;
};

// Decodes %XX once; `plus_is_space` as in forms. Nothing when an escape is not two hexadecimal digits.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);
// Encodes all but unreserved characters (RFC 3986).
std::string percent_encode(std::string_view text);

// The pairs in their order. malformed: a bad escape, or more than `limit` pairs.
base::result<std::vector<name_value>> parse_form(std::string_view text, std::size_t limit = 100);

// The first value of this name; nothing when it is absent.
std::optional<std::string_view> find(const std::vector<name_value>& pairs, std::string_view name);

}  // namespace dossier::http
