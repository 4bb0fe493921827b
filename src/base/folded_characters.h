// The characters of a text as they are compared, each with the bytes that it came from. text_policy.h builds
// on this and says which texts are the same.
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

// U+200C stands between two parts of a word in the Arabic script, where people type no space.
inline constexpr char32_t arabic_joint = 0x200c;

// Takes any bytes; those that are no UTF-8 become U+FFFD. Each white space becomes one ' '; characters that
// are never seen are left out.
std::vector<folded_character> folded_characters(std::string_view text);

void append_utf8(std::string& into, char32_t code);

}  // namespace dossier::base
