// Functions for ASCII text that do not depend on the locale: for header names, environment variables and
// names in files.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace dossier::base {

constexpr char ascii_lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

// Like ascii_lower(), but writes into an existing string, so that its memory is reused.
inline void assign_ascii_lower(std::string& into, std::string_view text) {
  into.assign(text);
  for (char& letter : into) letter = ascii_lower(letter);
}

inline std::string ascii_lower(std::string_view text) {
  std::string lower;
  assign_ascii_lower(lower, text);
  return lower;
}

inline bool ascii_equal(std::string_view one, std::string_view other) {
  return std::ranges::equal(
      one, other, {}, [](char letter) { return ascii_lower(letter); },
      [](char letter) { return ascii_lower(letter); });
}

constexpr bool ascii_space(char letter) {
  return letter == ' ' || (letter >= '\t' && letter <= '\r');
}

constexpr std::string_view ascii_trim(std::string_view text) {
  while (!text.empty() && ascii_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && ascii_space(text.back())) text.remove_suffix(1);
  return text;
}

// The text without the spaces and tabs at its ends.
constexpr std::string_view trim_blanks(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace dossier::base
