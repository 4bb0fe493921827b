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

}  // namespace dossier::web
