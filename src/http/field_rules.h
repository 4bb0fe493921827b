// Small rules about header fields that several files share.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace dossier::http {

// ASCII case only, as header names compare.
bool same_ignoring_case(std::string_view a, std::string_view b);
// Digits and nothing else, at most 18 of them.
std::optional<std::uint64_t> parse_decimal(std::string_view digits);
// Without spaces and tabs at both ends.
std::string_view trim_blanks(std::string_view text);
// Whether a client's X-Request-Id may be used as ours: 1 to 64 of [A-Za-z0-9._-].
bool is_sane_id(std::string_view id);
// A token of RFC 9110: a header's name, a method.
bool is_token(std::string_view text);

}  // namespace dossier::http
