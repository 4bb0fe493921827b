#include "base/text.h"

#include <algorithm>

#include <utf8proc.h>

#include "base/characters.h"

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

}  // namespace

bool is_valid_utf8(std::string_view text) {
  return each_code_point(text, [](auto, auto) {});
}

bool has_control_characters(std::string_view text) {
  bool found = false;
  each_code_point(text, [&](utf8proc_int32_t c, auto) { found |= is_control(static_cast<char32_t>(c)); });
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
    if (!is_white_space(static_cast<char32_t>(c))) {
      first = std::min(first, position);
      last = position + static_cast<std::size_t>(length);
    }
    position += static_cast<std::size_t>(length);
  });
  if (!valid) return text;
  return first < last ? text.substr(first, last - first) : std::string_view();
}

}  // namespace dossier::base
