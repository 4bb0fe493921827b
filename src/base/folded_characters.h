// Turns a text into the characters by which it is compared, each with its place in the text. text_policy.h
// builds on this and decides which texts count as the same.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace dossier::base {

struct folded_character {
  char32_t code = 0;
  std::size_t begin = 0;  // the bytes in the text, with the marks that belong to it
  std::size_t end = 0;
};

// U+200C separates two parts of a word in the Arabic script, where people type no space.
inline constexpr char32_t arabic_joint = 0x200c;

// Takes any bytes; those that are not UTF-8 become U+FFFD. Each white space character becomes ' '. Invisible
// characters are left out.
std::vector<folded_character> folded_characters(std::string_view text);

// Appends the code point as UTF-8.
void append_utf8(std::string& into, char32_t code);

}  // namespace dossier::base
