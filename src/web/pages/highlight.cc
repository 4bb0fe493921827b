#include "web/pages/highlight.h"

namespace dossier::web {

std::vector<text_piece> mark_matches(std::string_view text, const base::word_marker& matched) {
  std::vector<text_piece> pieces;
  std::size_t done = 0;
  const auto add = [&](std::size_t end, bool is_match) {
    if (end > done) pieces.push_back({std::string(text.substr(done, end - done)), is_match});
    done = end;
  };
  for (const auto& range : matched.find(text)) {
    add(range.begin, false);
    add(range.end, true);
  }
  add(text.size(), false);
  return pieces;
}

void fill_marked(view into, std::string_view section, std::string_view text,
                 const base::word_marker& matched) {
  for (const auto& piece : mark_matches(text, matched))
    into.add(section).set_and_show("TEXT", piece.text, piece.matched ? "MARK" : "PLAIN");
}

}  // namespace dossier::web
