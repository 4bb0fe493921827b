#include "stores/sql/people_filter.h"

#include <limits>

#include "base/text_policy.h"
#include "stores/sql/query.h"
#include "stores/sql/rows.h"

namespace dossier::stores::sql {
namespace {

// After every word that begins with this one, and before all others.
std::string end_of_range(const std::string& beginning) {
  return beginning + "\xf4\x8f\xbf\xbf";  // U+10FFFF, which is in no word
}

std::string counted(const std::string& select) {
  return "SELECT COUNT(*) FROM (" + select + " LIMIT 2000) matches";
}
static_assert(few == 2'000);

people_filter word_filter(const base::query_word& asked) {
  people_filter one;
  one.what = people_filter::kind::word;
  std::string ranges;
  for (const auto& word : asked.any_of) {
    const bool first = ranges.empty();
    ranges += first ? "(word >= ? AND word < ?)" : " OR (word >= ? AND word < ?)";
    one.ids_values.insert(one.ids_values.end(), {word, end_of_range(word)});
    one.check += first ? "(INSTR(p.words, ?) > 0" : " OR INSTR(p.words, ?) > 0";
    one.values.emplace_back(" " + word);
  }
  one.check += ")";
  one.ids = "SELECT DISTINCT person_id AS id FROM person_word WHERE " + ranges;
  one.count = counted("SELECT person_id FROM person_word WHERE " + ranges);
  return one;
}

people_filter equal_filter(people_filter::kind what, const std::string& column, parameter value,
                           const char* none) {
  people_filter one;
  one.what = what;
  one.ids = "SELECT id FROM person WHERE " + column + " = ?";
  one.count = counted(one.ids);
  one.ids_values = {value};
  one.natural = "p." + column + " = ?";
  one.check = "COALESCE(p." + column + ", " + none + ") = ?";
  one.values = {std::move(value)};
  return one;
}

people_filter age_filter(std::int64_t from, std::int64_t to) {
  people_filter one;
  one.what = people_filter::kind::age;
  one.ids = "SELECT id FROM person WHERE age BETWEEN ? AND ?";
  one.count = counted(one.ids);
  one.ids_values = {from, to};
  one.natural = "p.age BETWEEN ? AND ?";
  one.check = "COALESCE(p.age, 0) BETWEEN ? AND ?";
  one.values = {from, to};
  return one;
}

}  // namespace

base::result<std::vector<people_filter>> filters_of(const domain::people_query& what) {
  std::vector<people_filter> filters;
  const auto words = base::query_words(what.words);
  if (words.size() > base::most_query_words) {
    return std::unexpected(base::error{.code = base::error_code::invalid,
                                       .message = "The search has too many words.",
                                       .fields = {{"q", "Search for at most 32 words"}}});
  }
  for (const auto& word : words) filters.push_back(word_filter(word));
  if (!what.technology.empty()) {
    filters.push_back(equal_filter(people_filter::kind::technology, "folded_technology",
                                   folded_key(what.technology), "''"));
  }
  if (!what.location.empty()) {
    filters.push_back(
        equal_filter(people_filter::kind::location, "folded_location", folded_key(what.location), "''"));
  }
  if (what.age_from || what.age_to) {
    filters.push_back(
        age_filter(what.age_from.value_or(0), what.age_to.value_or(std::numeric_limits<int>::max())));
  }
  if (what.has_files) {
    filters.push_back(
        equal_filter(people_filter::kind::files, "has_files", std::int64_t{*what.has_files}, "0"));
  }
  return filters;
}

std::int64_t count_up_to_few(connection& on, const people_filter& one) {
  query row(on, one.count);
  for (const auto& value : one.ids_values) std::visit([&](const auto& v) { row.add(v); }, value);
  return row.next() ? row.integer(0) : 0;
}

}  // namespace dossier::stores::sql
