#include "web/readable_text.h"

#include <algorithm>

#include "base/text.h"

namespace dossier::web {
namespace {

// Length of the character at the front; 0 when there is none.
std::size_t character_at_front(std::string_view text) {
  for (std::size_t length = 1; length <= std::min<std::size_t>(4, text.size()); ++length) {
    if (base::is_valid_utf8(text.substr(0, length))) return length;
  }
  return 0;
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

}  // namespace

std::string readable_text(std::string_view text) {
  if (base::is_valid_utf8(text)) return std::string(text);
  std::string readable;
  while (!text.empty()) {
    const auto length = character_at_front(text);
    if (length == 0) {
      readable += "\xef\xbf\xbd";
      text.remove_prefix(1);
    } else {
      readable += text.substr(0, length);
      text.remove_prefix(length);
    }
  }
  return readable;
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

}  // namespace dossier::web
