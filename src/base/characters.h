// What kind of character a code point is.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dossier::base {

bool is_white_space(char32_t code);
bool is_control(char32_t code);  // C0, DEL and C1
bool is_mark(char32_t code);     // stands on the letter before it
bool is_letter_or_digit(char32_t code);
// Draws nothing and takes no room: joiners, selectors, marks of direction, tags, noncharacters.
bool is_never_seen(char32_t code);
// Can be seen when it stands alone: no space, mark or format character, and nothing that is drawn empty.
bool is_visible(char32_t code);
// 0 to 9 for a decimal digit of any script. Empty for all else, also for raised and circled digits and for
// signs that are a number by themselves.
std::optional<int> digit_value(char32_t code);
// A picture or sign that people search for as it is: "♥".
bool is_pictograph(char32_t code);
// Of a script that writes words without spaces between them: Chinese, Japanese, Korean, Thai, Lao, Khmer,
// Burmese.
bool is_written_without_spaces(char32_t code);

// Text that people typed, shown among our own. Letters and signs that run from right to left may turn the
// text in which they stand, but nothing around it.

// For use in an element that isolates (<bdi>): the result neither ends that isolation nor leaves one of its
// own open. Text that does neither comes back unchanged. The text is valid UTF-8.
std::string contained(std::string_view text);

// For places where no element can stand, as in a title: contained(), and between isolating characters if the
// text needs them.
std::string isolated(std::string_view text);

}  // namespace dossier::base
