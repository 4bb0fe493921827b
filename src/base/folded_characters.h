// A text's characters as comparing sees them, each with the bytes of the text that it came from. The ground
// of text_policy.h, which says what is equal to what.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace dossier::base {

struct folded_character {
  char32_t code = 0;
  std::size_t begin = 0;  // in the text, with the marks that stand on it
  std::size_t end = 0;
};

// Between two parts of a word of the Arabic script, where people type no space (U+200C).
inline constexpr char32_t arabic_joint = 0x200c;

// Any bytes; those that are no UTF-8 become U+FFFD. White space becomes ' ', one for each; what is never seen
// is left out.
std::vector<folded_character> folded_characters(std::string_view text);

void append_utf8(std::string& into, char32_t code);

}  // namespace dossier::base
