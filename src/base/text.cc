#include "base/text.h"

#include <algorithm>
#include <cstdlib>
#include <memory>

#include <utf8proc.h>

namespace dossier::base {
namespace {

// Calls visit(code point) for each; false at the first byte that is not UTF-8.
template <class Visit>
bool each_code_point(std::string_view text, Visit visit) {
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  auto left = static_cast<utf8proc_ssize_t>(text.size());
  while (left > 0) {
    utf8proc_int32_t code_point = 0;
    const utf8proc_ssize_t length = utf8proc_iterate(bytes, left, &code_point);
    if (length <= 0) return false;
    visit(code_point, length);
    bytes += length;
    left -= length;
  }
  return true;
}

bool is_word_character(utf8proc_int32_t code_point) {
  switch (utf8proc_category(code_point)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
      return true;
    default:
      // "C++", "C#" and "F#" are words that people look for.
      return code_point == '+' || code_point == '#';
  }
}

bool is_space(utf8proc_int32_t code_point) {
  const auto category = utf8proc_category(code_point);
  return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL ||
         category == UTF8PROC_CATEGORY_ZP || (code_point >= 0x09 && code_point <= 0x0d);
}

}  // namespace

bool is_valid_utf8(std::string_view text) {
  return each_code_point(text, [](auto, auto) {});
}

bool has_control_characters(std::string_view text) {
  bool found = false;
  each_code_point(text, [&](utf8proc_int32_t c, auto) { found |= c < 0x20 || (c >= 0x7f && c < 0xa0); });
  return found;
}

std::size_t count_characters(std::string_view text) {
  std::size_t count = 0;
  each_code_point(text, [&](auto, auto) { ++count; });
  return count;
}

std::string_view trim(std::string_view text) {
  std::size_t position = 0;
  std::size_t first = text.size();
  std::size_t last = 0;
  const bool valid = each_code_point(text, [&](utf8proc_int32_t c, utf8proc_ssize_t length) {
    if (!is_space(c)) {
      first = std::min(first, position);
      last = position + static_cast<std::size_t>(length);
    }
    position += static_cast<std::size_t>(length);
  });
  if (!valid) return text;
  return first < last ? text.substr(first, last - first) : std::string_view();
}

std::string fold(std::string_view text) {
  utf8proc_uint8_t* folded = nullptr;
  const auto length =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                   static_cast<utf8proc_ssize_t>(text.size()), &folded,
                   static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE |
                                                  UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK | UTF8PROC_IGNORE));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(folded, &std::free);
  if (length < 0) return std::string(text);
  return std::string(reinterpret_cast<const char*>(folded), static_cast<std::size_t>(length));
}

std::vector<std::string> fold_words(std::string_view text) {
  const std::string folded = fold(text);
  std::vector<std::string> words;
  std::string word;
  const auto flush = [&] {
    if (!word.empty() && std::ranges::find(words, word) == words.end()) words.push_back(word);
    word.clear();
  };
  std::size_t position = 0;
  each_code_point(folded, [&](utf8proc_int32_t c, utf8proc_ssize_t length) {
    if (is_word_character(c)) {
      word.append(folded, position, static_cast<std::size_t>(length));
    } else {
      flush();
    }
    position += static_cast<std::size_t>(length);
  });
  flush();
  return words;
}

}  // namespace dossier::base
