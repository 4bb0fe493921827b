#include "stores/sql/search/people_filter.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <utility>

#include "base/text.h"
#include "base/text_policy.h"
#include "stores/sql/rows.h"

namespace dossier::stores::sql {
namespace {

// Whoever has a word that begins with one of these.
people_filter word_filter(const base::query_word& asked) {
  people_filter one;
  for (const auto& word : asked.any_of) {
    one.check += (one.check.empty() ? "(INSTR(p.words, ?) > 0" : " OR INSTR(p.words, ?) > 0");
    one.values.emplace_back(" " + word);
    one.terms.push_back(range_of_beginning(term_kind::word, word));
  }
  one.check += ")";
  return one;
}

people_filter beginning_filter(term_kind kind, const std::string& column, const std::string& beginning) {
  return {.check = "COALESCE(p." + column + ", '') >= ? AND COALESCE(p." + column + ", '') < ?",
          .values = {beginning, end_of_range(beginning)},
          .terms = {range_of_beginning(kind, beginning)}};
}

people_filter whole_filter(term_kind kind, const std::string& column, const std::string& text) {
  return {
      .check = "COALESCE(p." + column + ", '') = ?", .values = {text}, .terms = {range_of_whole(kind, text)}};
}

people_filter age_filter(std::int64_t from, std::int64_t to) {
  return {.check = "COALESCE(p.age, 0) BETWEEN ? AND ?",
          .values = {from, to},
          .terms = {range_of_ages(from, to)}};
}

people_filter files_filter(bool has_files) {
  return {.check = "COALESCE(p.has_files, 0) = ?",
          .values = {std::int64_t{has_files}},
          .terms = {range_of_files(has_files)}};
}

struct text_filter {
  const std::string& beginning;
  const std::string& whole;
  term_kind kind;
  const char* column;
};

void add_text(std::vector<people_filter>& to, const text_filter& asked) {
  if (!asked.whole.empty()) to.push_back(whole_filter(asked.kind, asked.column, folded_key(asked.whole)));
  if (!asked.beginning.empty())
    to.push_back(beginning_filter(asked.kind, asked.column, folded_key(asked.beginning)));
}

bool is_blank(const std::string& text) {
  return !base::trim(text).empty() && folded_key(text).empty();
}

}  // namespace

bool asks_for_nobody(const domain::people_query& what) {
  return (!base::trim(what.words).empty() && base::query_words(what.words).empty()) ||
         is_blank(what.technology) || is_blank(what.technology_exact) || is_blank(what.location) ||
         is_blank(what.location_exact);
}

base::result<std::vector<people_filter>> filters_of(const domain::people_query& what) {
  std::vector<people_filter> filters;
  const auto words = base::query_words(what.words);
  if (words.size() > base::most_query_words) {
    return std::unexpected(base::error{.code = base::error_code::invalid,
                                       .message = "The search has too many words.",
                                       .fields = {{"q", "Search for at most 32 words"}}});
  }
  for (const auto& word : words) filters.push_back(word_filter(word));
  add_text(filters, {what.technology, what.technology_exact, term_kind::technology, "folded_technology"});
  add_text(filters, {what.location, what.location_exact, term_kind::location, "folded_location"});
  // The longer it is, the fewer are likely to have it.
  std::ranges::sort(filters, std::ranges::greater(),
                    [](const people_filter& one) { return one.terms.front().from.size(); });
  if (what.has_files) filters.push_back(files_filter(*what.has_files));
  if (what.age_from || what.age_to) {
    filters.push_back(
        age_filter(what.age_from.value_or(0), what.age_to.value_or(std::numeric_limits<int>::max())));
  }
  return filters;
}

}  // namespace dossier::stores::sql
