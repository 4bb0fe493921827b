// Tells what kind of character a code point is.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dossier::base {

bool is_white_space(char32_t code);
bool is_control(char32_t code);  // C0, DEL and C1
bool is_mark(char32_t code);     // combines with the letter before it
bool is_letter_or_digit(char32_t code);
// Is invisible and takes no room: joiners, selectors, marks of direction, tags, noncharacters.
bool is_never_seen(char32_t code);
// Is visible when it stands alone: it is no space, mark or format character, and it is not drawn as empty
// space.
bool is_visible(char32_t code);
// The value, 0 to 9, of a decimal digit of any script. Empty for everything else, such as raised and circled
// digits and signs that are a number by themselves.
std::optional<int> digit_value(char32_t code);
// A picture or sign that counts as a word in a search: "♥".
bool is_pictograph(char32_t code);
// Belongs to a script that writes words without spaces between them: Chinese, Japanese, Korean, Thai, Lao,
// Khmer, Burmese.
bool is_written_without_spaces(char32_t code);

// These make text that people typed safe to show inside other text. Characters that run from right to left
// may then change the order of the typed text, but not of the text around it.

// For text inside an HTML element that isolates it (<bdi>). Removes what would end that isolation, closes
// isolations that the text leaves open, and replaces ends of paragraphs by spaces. Other text is returned
// unchanged. The text must be valid UTF-8.
std::string contained(std::string_view text);

// For places that cannot hold an HTML element, such as a title: like contained(), and surrounded by isolating
// characters if the text needs them.
std::string isolated(std::string_view text);

// A file's name without the invisible characters that change the direction of text; "file" when nothing is
// left. With them, "photo\u202egnp.exe" would be read as "photoexe.png". The stored name, which the API
// shows, keeps them.
std::string plain_file_name(std::string_view name);

}  // namespace dossier::base
