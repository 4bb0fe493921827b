// Checks text that came from outside: whether it is UTF-8, how long it is. text_policy.h decides which texts
// count as the same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dossier::base {

bool is_valid_utf8(std::string_view text);
// Whether it has C0, DEL or C1 control characters. The text must be valid UTF-8.
bool has_control_characters(std::string_view text);
struct code_point {
  char32_t code = 0;
  std::size_t length = 0;  // bytes
};
// The first code point. Empty when the text is empty or does not begin with UTF-8.
std::optional<code_point> first_code_point(std::string_view text);
// The number of code points. The text must be valid UTF-8.
std::size_t count_characters(std::string_view text);
// Whether the text has a visible character, and not only spaces, marks without a letter, joiners and fillers.
// Text that is not UTF-8 counts as visible.
bool shows_something(std::string_view text);
// The beginning of the text, `most` code points at most. A character that consists of several code points is
// not cut, unless the first character alone is longer than `most`. The text must be valid UTF-8.
std::string_view first_characters(std::string_view text, std::size_t most);
// The text with the decimal digits of any script as 0 to 9, and without invisible characters, which people
// often paste together with numbers.
std::string with_plain_digits(std::string_view text);
// Reads a whole number without a sign, of 18 digits at most, as people write it: also with white space around
// it, in the digits of any script, or as "42.0". Empty for any other text.
std::optional<std::int64_t> parse_whole(std::string_view text);
// The text without white space (any of Unicode's) at its ends. Text that is not UTF-8 comes back unchanged.
std::string_view trim(std::string_view text);

// The text as UTF-8, safe to show again: each byte that is not part of a character becomes U+FFFD.
std::string readable_text(std::string_view text);

}  // namespace dossier::base
