// Text that came from outside: is it UTF-8, how long is it. When two texts are one: text_policy.h.
#pragma once

#include <cstddef>
#include <string_view>

namespace dossier::base {

bool is_valid_utf8(std::string_view text);
// C0, DEL and C1 control characters; the text is valid UTF-8.
bool has_control_characters(std::string_view text);
// Number of code points; the text is valid UTF-8.
std::size_t count_characters(std::string_view text);
// Without white space (any of Unicode's) at both ends.
std::string_view trim(std::string_view text);

}  // namespace dossier::base
