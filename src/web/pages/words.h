// Values as a person reads them: sizes (base/sizes.h), times, counts, initials.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/sizes.h"
#include "base/text_policy.h"
#include "web/pages/page.h"

namespace dossier::web {

using base::human_size;
using base::size_limit;
// "1 file", "3 files"
std::string count_of(std::int64_t count, std::string_view singular, std::string_view plural);
// "23 Nov 2026, 22:55 UTC"
std::string readable_time(base::time_point when);
// "just now", "5 minutes ago", "3 days ago"; the date if it was 30 days ago or more.
std::string time_ago(base::time_point when, base::time_point now);
// The first letters of the first and the last word, upper-cased where they are ASCII: "AB"; "?" for none.
std::string initials(std::string_view name);
// One of the eight colours of the style sheet, always the same for a name: "tone-3".
std::string tone_of(std::string_view name);
// A mark for a file's type: the ending of its name in capitals if that is short, such as "PDF"; else "FILE".
std::string type_mark(std::string_view file_name);

// Which parts of a text the words of a search matched.
struct text_piece {
  std::string text;
  bool matched = false;
};

// The pieces, in order, make up the whole text.
std::vector<text_piece> mark_matches(std::string_view text, const base::word_marker& matched);

// Repeats a section for each piece: {{#SECTION}}{{#PLAIN}}…{{/PLAIN}}{{#MARK}}…{{/MARK}}{{/SECTION}}.
void fill_marked(view into, std::string_view section, std::string_view text,
                 const base::word_marker& matched);

}  // namespace dossier::web
