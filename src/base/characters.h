// What kind of character a code point is.
#pragma once

#include <optional>

namespace dossier::base {

bool is_white_space(char32_t code);
bool is_control(char32_t code);  // C0, DEL and C1
bool is_mark(char32_t code);     // stands on the letter before it
bool is_letter_or_digit(char32_t code);
// Draws nothing and takes no room: joiners, selectors, marks of direction, tags, noncharacters.
bool is_never_seen(char32_t code);
// Leaves something to see when it stands alone: no space, mark, or sign of format, and nothing that is drawn
// empty.
bool is_visible(char32_t code);
// 0 to 9, for a decimal digit of any script; not for those that are raised, circled, or a number by
// themselves.
std::optional<int> digit_value(char32_t code);
// A picture or a sign that is looked for as it is: "♥".
bool is_pictograph(char32_t code);
// Of a script that writes words without spaces between them: Chinese, Japanese, Korean, Thai, Lao, Khmer,
// Burmese.
bool is_written_without_spaces(char32_t code);

}  // namespace dossier::base
