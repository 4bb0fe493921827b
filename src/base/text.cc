#include "base/text.h"

#include <algorithm>
#include <charconv>

#include <utf8proc.h>

#include "base/characters.h"

namespace dossier::base {
namespace {

// Calls visit(code point, its length in bytes) for each code point. False at the first byte that is not
// UTF-8.
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

// True for an empty text, and for ".0" with any decimal sign and any number of zeros.
bool is_nothing_behind_a_point(std::string_view text) {
  for (const std::string_view point : {".", ",", "．", "，", "٫"}) {
    if (!text.starts_with(point)) continue;
    text.remove_prefix(point.size());
    return !text.empty() && text.find_first_not_of('0') == std::string_view::npos;
  }
  return text.empty();
}

}  // namespace

bool is_valid_utf8(std::string_view text) {
  return each_code_point(text, [](auto, auto) {});
}

bool has_control_characters(std::string_view text) {
  bool found = false;
  each_code_point(text, [&](utf8proc_int32_t c, auto) { found |= is_control(static_cast<char32_t>(c)); });
  return found;
}

std::optional<code_point> first_code_point(std::string_view text) {
  utf8proc_int32_t code = 0;
  const auto length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                       static_cast<utf8proc_ssize_t>(text.size()), &code);
  if (length <= 0) return std::nullopt;
  return code_point{static_cast<char32_t>(code), static_cast<std::size_t>(length)};
}

std::size_t count_characters(std::string_view text) {
  std::size_t count = 0;
  each_code_point(text, [&](auto, auto) { ++count; });
  return count;
}

bool shows_something(std::string_view text) {
  bool seen = false;
  const bool valid =
      each_code_point(text, [&](utf8proc_int32_t c, auto) { seen |= is_visible(static_cast<char32_t>(c)); });
  return seen || !valid;
}

std::string_view first_characters(std::string_view text, std::size_t most) {
  std::size_t count = 0;
  std::size_t position = 0;
  std::size_t whole = 0;  // where the last complete character ends
  std::size_t cut = 0;
  utf8proc_int32_t before = -1;
  utf8proc_int32_t state = 0;
  each_code_point(text, [&](utf8proc_int32_t c, utf8proc_ssize_t length) {
    const bool breaks = before >= 0 && utf8proc_grapheme_break_stateful(before, c, &state) != 0;
    before = c;
    if (count <= most && breaks) whole = position;
    if (count == most) cut = position;
    ++count;
    position += static_cast<std::size_t>(length);
  });
  if (count <= most) return text;
  return text.substr(0, whole > 0 ? whole : cut);
}

std::string with_plain_digits(std::string_view text) {
  std::string plain;
  std::size_t position = 0;
  each_code_point(text, [&](utf8proc_int32_t c, utf8proc_ssize_t length) {
    const auto code = static_cast<char32_t>(c);
    if (const auto digit = digit_value(code))
      plain += static_cast<char>('0' + *digit);
    else if (!is_never_seen(code))
      plain.append(text, position, static_cast<std::size_t>(length));
    position += static_cast<std::size_t>(length);
  });
  return plain;
}

std::optional<std::int64_t> parse_whole(std::string_view text) {
  constexpr std::size_t most_digits = 18;
  constexpr std::size_t longest = 256;  // bytes
  if (text.size() > longest || !is_valid_utf8(text)) return std::nullopt;
  const std::string plain = with_plain_digits(text);
  const std::string_view number = trim(plain);
  const auto end = std::min(number.find_first_not_of("0123456789"), number.size());
  if (end == 0 || end > most_digits || !is_nothing_behind_a_point(number.substr(end))) return std::nullopt;
  const auto digits = number.substr(0, end);
  std::int64_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

std::string_view trim(std::string_view text) {
  std::size_t position = 0;
  std::size_t first = text.size();
  std::size_t last = 0;
  const bool valid = each_code_point(text, [&](utf8proc_int32_t c, utf8proc_ssize_t length) {
    if (!is_white_space(static_cast<char32_t>(c))) {
      first = std::min(first, position);
      last = position + static_cast<std::size_t>(length);
    }
    position += static_cast<std::size_t>(length);
  });
  if (!valid) return text;
  return first < last ? text.substr(first, last - first) : std::string_view();
}

std::string readable_text(std::string_view text) {
  if (is_valid_utf8(text)) return std::string(text);
  std::string readable;
  while (!text.empty()) {
    const auto next = first_code_point(text);
    readable += next ? text.substr(0, next->length) : "\xef\xbf\xbd";
    text.remove_prefix(next ? next->length : 1);
  }
  return readable;
}

}  // namespace dossier::base
