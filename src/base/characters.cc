#include "base/characters.h"

#include <utf8proc.h>

#include "base/text.h"

namespace dossier::base {
namespace {

utf8proc_category_t category_of(char32_t code) {
  return utf8proc_category(static_cast<utf8proc_int32_t>(code));
}

bool is_within(char32_t code, char32_t first, char32_t last) {
  return code >= first && code <= last;
}

// The planes of ideographs. New versions of Unicode add characters to them.
bool is_later_ideograph(char32_t code) {
  return is_within(code, 0x20000, 0x3fffd) && (code & 0xfffe) != 0xfffe;
}

bool is_noncharacter(char32_t code) {
  return (code & 0xfffe) == 0xfffe || is_within(code, 0xfdd0, 0xfdef);
}

// Signs that are drawn as empty space: the braille pattern without dots, the placeholder for an object, the
// null notehead, blanks among hieroglyphs.
bool is_drawn_empty(char32_t code) {
  return code == 0x2800 || code == 0xfffc || code == 0x1d159 || is_within(code, 0x13441, 0x13442);
}

// The length in bytes of the direction control at the front (a mark, embedding, override or isolate:
// Unicode's Bidi_Control); 0 when there is none. The text is UTF-8.
std::size_t direction_control_at_front(std::string_view text) {
  if (text.starts_with("\xd8\x9c")) return 2;  // U+061C
  if (text.size() < 3 || text[0] != '\xe2') return 0;
  const auto second = static_cast<unsigned char>(text[1]);
  const auto third = static_cast<unsigned char>(text[2]);
  const bool mark = second == 0x80 && (third == 0x8e || third == 0x8f);     // U+200E, U+200F
  const bool embedding = second == 0x80 && third >= 0xaa && third <= 0xae;  // U+202A to U+202E
  const bool isolate = second == 0x81 && third >= 0xa6 && third <= 0xa9;    // U+2066 to U+2069
  return mark || embedding || isolate ? 3 : 0;
}

constexpr std::string_view first_strong_isolate = "\xe2\x81\xa8";
constexpr std::string_view pop_isolate = "\xe2\x81\xa9";

utf8proc_bidi_class_t class_of(char32_t code) {
  return static_cast<utf8proc_bidi_class_t>(
      utf8proc_get_property(static_cast<utf8proc_int32_t>(code))->bidi_class);
}

// Whether the character runs from right to left, or controls the direction.
bool may_turn(char32_t code) {
  switch (class_of(code)) {
    case UTF8PROC_BIDI_CLASS_R:
    case UTF8PROC_BIDI_CLASS_AL:
    case UTF8PROC_BIDI_CLASS_AN:
    case UTF8PROC_BIDI_CLASS_LRE:
    case UTF8PROC_BIDI_CLASS_LRO:
    case UTF8PROC_BIDI_CLASS_RLE:
    case UTF8PROC_BIDI_CLASS_RLO:
    case UTF8PROC_BIDI_CLASS_PDF:
    case UTF8PROC_BIDI_CLASS_LRI:
    case UTF8PROC_BIDI_CLASS_RLI:
    case UTF8PROC_BIDI_CLASS_FSI:
    case UTF8PROC_BIDI_CLASS_PDI:
      return true;
    default:
      return false;
  }
}

bool needs_isolation(std::string_view text) {
  while (const auto next = first_code_point(text)) {
    if (may_turn(next->code)) return true;
    text.remove_prefix(next->length);
  }
  return false;
}

}  // namespace

bool is_white_space(char32_t code) {
  switch (category_of(code)) {
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return true;
    default:
      return is_within(code, 0x09, 0x0d) || code == 0x85;
  }
}

bool is_control(char32_t code) {
  return code < 0x20 || is_within(code, 0x7f, 0x9f);
}

bool is_mark(char32_t code) {
  switch (category_of(code)) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
      return true;
    default:
      return false;
  }
}

bool is_letter_or_digit(char32_t code) {
  switch (category_of(code)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
      return true;
    default:
      return is_later_ideograph(code);
  }
}

bool is_never_seen(char32_t code) {
  if (code < 0x80) return false;
  const bool annotation = is_within(code, 0xfff9, 0xfffb);
  return utf8proc_get_property(static_cast<utf8proc_int32_t>(code))->ignorable != 0 ||
         is_noncharacter(code) || annotation;
}

bool is_visible(char32_t code) {
  switch (category_of(code)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
      return false;
    default:
      return !is_white_space(code) && !is_mark(code) && !is_never_seen(code) && !is_drawn_empty(code);
  }
}

// In each script the ten digits follow each other, from zero to nine. Several such rows may follow each
// other; each has ten digits.
std::optional<int> digit_value(char32_t code) {
  if (code < 0x80)
    return is_within(code, '0', '9') ? std::optional(static_cast<int>(code - '0')) : std::nullopt;
  if (category_of(code) != UTF8PROC_CATEGORY_ND) return std::nullopt;
  auto first = code;
  while (category_of(first - 1) == UTF8PROC_CATEGORY_ND) --first;
  return static_cast<int>((code - first) % 10);
}

bool is_pictograph(char32_t code) {
  return category_of(code) == UTF8PROC_CATEGORY_SO && !is_drawn_empty(code);
}

bool is_written_without_spaces(char32_t code) {
  return is_within(code, 0x0e00, 0x0eff) || is_within(code, 0x1000, 0x109f) ||
         is_within(code, 0x1780, 0x17ff) || is_within(code, 0x1100, 0x11ff) ||
         is_within(code, 0x2e80, 0x2fdf) || is_within(code, 0x3005, 0x3007) ||
         is_within(code, 0x3040, 0x4dbf) || is_within(code, 0x4e00, 0x9fff) ||
         is_within(code, 0xac00, 0xd7ff) || is_within(code, 0xf900, 0xfaff) ||
         is_within(code, 0x1b000, 0x1b2ff) || is_later_ideograph(code);
}

std::string contained(std::string_view text) {
  std::string kept;
  kept.reserve(text.size());
  std::size_t open = 0;
  while (const auto next = first_code_point(text)) {
    const auto bytes = text.substr(0, next->length);
    text.remove_prefix(next->length);
    const auto what = class_of(next->code);
    if (what == UTF8PROC_BIDI_CLASS_B) {  // it would start a paragraph with its own direction
      kept += ' ';
      continue;
    }
    if (what == UTF8PROC_BIDI_CLASS_PDI && open == 0) continue;
    if (what == UTF8PROC_BIDI_CLASS_PDI) --open;
    if (what == UTF8PROC_BIDI_CLASS_LRI || what == UTF8PROC_BIDI_CLASS_RLI || what == UTF8PROC_BIDI_CLASS_FSI)
      ++open;
    kept += bytes;
  }
  for (; open > 0; --open) kept += pop_isolate;
  return kept;
}

std::string isolated(std::string_view text) {
  auto own = contained(text);
  if (!needs_isolation(own)) return own;
  return std::string(first_strong_isolate).append(own).append(pop_isolate);
}

std::string plain_file_name(std::string_view name) {
  std::string plain;
  for (std::size_t at = 0; at < name.size();) {
    const auto length = direction_control_at_front(name.substr(at));
    if (length == 0) plain += name[at];
    at += std::max<std::size_t>(length, 1);
  }
  return plain.empty() ? "file" : plain;
}

}  // namespace dossier::base
