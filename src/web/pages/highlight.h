// Which parts of a text the words of a search matched.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/text_policy.h"
#include "web/pages/page.h"

namespace dossier::web {

struct text_piece {
  std::string text;
  bool matched = false;
};

// The pieces together are the text.
std::vector<text_piece> mark_matches(std::string_view text, const base::word_marker& matched);

// Fills a section, one turn for each piece: {{#SECTION}}{{#PLAIN}}…{{/PLAIN}}{{#MARK}}…{{/MARK}}{{/SECTION}}.
void fill_marked(view into, std::string_view section, std::string_view text,
                 const base::word_marker& matched);

}  // namespace dossier::web
