// Letters of ASCII, whatever the locale: header names, variables, names in files.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace dossier::aws {

constexpr char ascii_lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

inline std::string ascii_lower(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char letter) { return ascii_lower(letter); });
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

}  // namespace dossier::aws
