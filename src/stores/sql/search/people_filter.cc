#include "stores/sql/search/people_filter.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "base/expects.h"
#include "base/text.h"
#include "base/text_policy.h"
#include "stores/sql/rows.h"

namespace dossier::stores::sql {
namespace {

using domain::comparison;
using domain::detail_filter;

// Matches everybody who has a word that begins with one of these.
people_filter word_filter(const base::query_word& asked) {
  base::expects(!asked.any_of.empty(), "a word of a search has a beginning to look for");
  people_filter one;
  for (const auto& word : asked.any_of) {
    one.check += (one.check.empty() ? "(INSTR(p.words, ?) > 0" : " OR INSTR(p.words, ?) > 0");
    one.values.emplace_back(" " + word);
    one.terms.push_back(range_of_beginning(word_term, word));
  }
  one.check += ")";
  return one;
}

people_filter beginning_filter(char kind, const std::string& column, const std::string& beginning) {
  return {.check = "COALESCE(p." + column + ", '') >= ? AND COALESCE(p." + column + ", '') < ?",
          .values = {beginning, end_of_range(beginning)},
          .terms = {range_of_beginning(kind, beginning)}};
}

people_filter whole_filter(char kind, const std::string& column, const std::string& text) {
  return {
      .check = "COALESCE(p." + column + ", '') = ?", .values = {text}, .terms = {range_of_whole(kind, text)}};
}

people_filter range_filter(const domain::field& which, std::int64_t from, std::int64_t to) {
  return {.check = fmt::format("COALESCE(p.{}, 0) BETWEEN ? AND ?", which.name),
          .values = {from, to},
          .terms = {range_of_numbers(number_kind(which), from, to)}};
}

people_filter files_filter(bool has_files) {
  return {.check = "COALESCE(p.has_files, 0) = ?",
          .values = {std::int64_t{has_files}},
          .terms = {range_of_files(has_files)}};
}

const detail_filter* find_filter(const domain::people_query& what, std::size_t field, comparison how) {
  const auto found = std::ranges::find_if(
      what.filters, [&](const auto& one) { return one.field == field && one.how == how; });
  return found == what.filters.end() ? nullptr : &*found;
}

void add_text(std::vector<people_filter>& to, const domain::people_query& what, std::size_t field) {
  const char kind = domain::detail_fields()[field].filter_term;
  base::expects(kind != 0, "a text that lists are narrowed by has terms");
  if (const auto* whole = find_filter(what, field, comparison::equals))
    to.push_back(whole_filter(kind, folded_column(field), folded_key(whole->text)));
  if (const auto* beginning = find_filter(what, field, comparison::begins_with))
    to.push_back(beginning_filter(kind, folded_column(field), folded_key(beginning->text)));
}

void add_range(std::vector<people_filter>& to, const domain::people_query& what, std::size_t field) {
  const auto* from = find_filter(what, field, comparison::at_least);
  const auto* most = find_filter(what, field, comparison::at_most);
  if (from == nullptr && most == nullptr) return;
  to.push_back(range_filter(domain::detail_fields()[field], from != nullptr ? from->number : 0,
                            most != nullptr ? most->number : std::numeric_limits<int>::max()));
}

bool is_blank(const std::string& text) {
  return !base::trim(text).empty() && folded_key(text).empty();
}

}  // namespace

bool asks_for_nobody(const domain::people_query& what) {
  return (!base::trim(what.words).empty() && base::query_words(what.words).empty()) ||
         std::ranges::any_of(what.filters, [](const auto& one) { return is_blank(one.text); });
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
  const auto fields = domain::detail_fields();
  base::expects(std::ranges::none_of(what.filters,
                                     [&](const domain::detail_filter& one) {
                                       return fields[one.field].filter == domain::field_filter::none;
                                     }),
                "a list is narrowed only by fields that have a filter");
  for (const auto i : domain::filtered_details()) {
    if (fields[i].filter == domain::field_filter::text) add_text(filters, what, i);
  }
  // The longer a text is, the fewer people are likely to have it.
  std::ranges::sort(filters, std::ranges::greater(),
                    [](const people_filter& one) { return one.terms.front().from.size(); });
  if (what.has_files) filters.push_back(files_filter(*what.has_files));
  for (const auto i : domain::filtered_details()) {
    if (fields[i].filter == domain::field_filter::range) add_range(filters, what, i);
  }
  return filters;
}

}  // namespace dossier::stores::sql
