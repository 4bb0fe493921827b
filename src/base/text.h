// Text that came from outside: whether it is UTF-8, how long it is. text_policy.h says which are the same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dossier::base {

bool is_valid_utf8(std::string_view text);
// C0, DEL and C1 control characters; the text is valid UTF-8.
bool has_control_characters(std::string_view text);
struct code_point {
  char32_t code = 0;
  std::size_t length = 0;  // bytes
};
// Empty when the text is empty or does not begin with UTF-8.
std::optional<code_point> first_code_point(std::string_view text);
// Number of code points; the text is valid UTF-8.
std::size_t count_characters(std::string_view text);
// Whether something in it can be seen: not only spaces, marks without a letter, joiners, fillers. Bytes that
// are no UTF-8 count as seen.
bool shows_something(std::string_view text);
// The first code points, `most` of them at most. A character that consists of several is not cut, unless it
// alone is longer than `most`. The text is valid UTF-8.
std::string_view first_characters(std::string_view text, std::size_t most);
// The text with the decimal digits of any script as 0 to 9, and without characters that are never seen, which
// come along when people paste numbers.
std::string with_plain_digits(std::string_view text);
// A whole number, not negative, of 18 digits at most, as people write it: also with white space around it, in
// the digits of any script, or as "42.0".
std::optional<std::int64_t> parse_whole(std::string_view text);
// Without white space (any of Unicode's) at both ends.
std::string_view trim(std::string_view text);

}  // namespace dossier::base
