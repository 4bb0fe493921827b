// Text that came from outside: is it UTF-8, and which words does it hold.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dossier::base {

bool is_valid_utf8(std::string_view text);
// C0, DEL and C1 control characters; the text is valid UTF-8.
bool has_control_characters(std::string_view text);
// Number of code points; the text is valid UTF-8.
std::size_t count_characters(std::string_view text);
// Without white space (any of Unicode's) at both ends.
std::string_view trim(std::string_view text);

// Case-folded, without accents, compatibility forms made one: "Ångström" and "angstrom" fold alike.
std::string fold(std::string_view text);
// The folded words (letters, digits and marks; all else separates), each once, in order of appearance.
std::vector<std::string> fold_words(std::string_view text);

}  // namespace dossier::base
