// Text that came from outside: is it UTF-8, how long is it. When two texts are one: text_policy.h.
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
// Nothing at the end, and where the text is not UTF-8.
std::optional<code_point> first_code_point(std::string_view text);
// Number of code points; the text is valid UTF-8.
std::size_t count_characters(std::string_view text);
// Something in it can be seen: not only spaces, marks without a letter, joiners, fillers. Bytes that are no
// UTF-8 count as seen.
bool shows_something(std::string_view text);
// The first characters, so many at most; never a part of one that is written with several code points, unless
// it is longer than that by itself. The text is valid UTF-8.
std::string_view first_characters(std::string_view text, std::size_t most);
// With the decimal digits of any script as 0 to 9, and without what is never seen: as numbers are pasted.
std::string with_plain_digits(std::string_view text);
// A whole number from 0 as people write it, of 18 digits at most: white space around it, digits of any
// script, "42.0".
std::optional<std::int64_t> parse_whole(std::string_view text);
// Without white space (any of Unicode's) at both ends.
std::string_view trim(std::string_view text);

}  // namespace dossier::base
