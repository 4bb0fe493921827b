#include "base/direction.h"

#include <utf8proc.h>

#include "base/text.h"

namespace dossier::base {
namespace {

constexpr std::string_view first_strong_isolate = "\xe2\x81\xa8";
constexpr std::string_view pop_isolate = "\xe2\x81\xa9";

utf8proc_bidi_class_t class_of(char32_t code) {
  return static_cast<utf8proc_bidi_class_t>(
      utf8proc_get_property(static_cast<utf8proc_int32_t>(code))->bidi_class);
}

// Runs from right to left, or says how to run.
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

std::string contained(std::string_view text) {
  std::string kept;
  kept.reserve(text.size());
  std::size_t open = 0;
  while (const auto next = first_code_point(text)) {
    const auto bytes = text.substr(0, next->length);
    text.remove_prefix(next->length);
    const auto what = class_of(next->code);
    if (what == UTF8PROC_BIDI_CLASS_B) {  // a new paragraph begins in its own direction
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

}  // namespace dossier::base
