#include "stores/sql/search/search_terms.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

#include <fmt/format.h>

namespace dossier::stores::sql {
namespace {

// Characters. A range within the next level meets at most what differs in the few characters between.
constexpr std::array<std::size_t, 8> levels{1, 2, 4, 8, 12, 16, 24, 32};
// People who share more than the last are told apart by their names themselves.
constexpr std::array<std::size_t, name_levels> levels_of_names{1, 2, 4, 8, 12};

constexpr char whole_level = 'z';
constexpr char end_of_text = '\x01';  // sorts before every character that a text may have
constexpr char between_fields = '\x02';
constexpr std::int64_t oldest = 999;

// The bytes of that many characters, or of all.
std::size_t bytes_of(std::string_view text, std::size_t characters) {
  std::size_t at = 0;
  while (at < text.size()) {
    const bool begins = (static_cast<unsigned char>(text[at]) & 0xc0) != 0x80;
    if (begins && characters-- == 0) break;
    ++at;
  }
  return at;
}

std::string make_term(char kind, char level, std::string_view beginning) {
  std::string term{kind, level};
  return term.append(beginning);
}

char letter(std::size_t level) {
  return static_cast<char>('a' + level);
}

// Every level up to the first that has the text whole.
void add_beginnings(std::vector<std::string>& to, char kind, std::string_view text) {
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const auto bytes = bytes_of(text, levels[i]);
    to.push_back(make_term(kind, letter(i), text.substr(0, bytes)));
    if (bytes == text.size()) return;
  }
  to.push_back(make_term(kind, whole_level, text));
}

void add_name(std::vector<std::string>& to, const std::string& name) {
  for (std::size_t i = 0; i < name_levels; ++i) {
    auto beginning = name_at(i, name);
    const bool whole = is_whole_name(beginning);
    to.push_back(name_term(i, beginning));
    if (whole) return;
  }
}

std::string age_term(std::int64_t age) {
  return fmt::format("a{:03}", std::clamp<std::int64_t>(age, 0, oldest));
}

void append_clean(std::string& to, std::string_view text) {
  for (const char c : text) to.push_back(static_cast<unsigned char>(c) < ' ' ? ' ' : c);
}

std::string_view take_field(std::string_view& from) {
  const auto end = std::min(from.find(between_fields), from.size());
  const auto field = from.substr(0, end);
  from.remove_prefix(std::min(end + 1, from.size()));
  return field;
}

}  // namespace

std::string end_of_range(std::string_view beginning) {
  return std::string(beginning) + "\xf4\x8f\xbf\xbf";  // U+10FFFF, which is in no text
}

std::string write_entry(const search_entry& entry) {
  std::string text;
  for (const auto* field : {&entry.name, &entry.location, &entry.technology}) {
    append_clean(text, *field);
    text.push_back(between_fields);
  }
  text += fmt::format("{}{}{}", entry.age, between_fields, entry.has_files ? 1 : 0);
  for (const auto& word : entry.words) {
    text.push_back(between_fields);
    append_clean(text, word);
  }
  return text;
}

search_entry read_entry(std::string_view text) {
  search_entry entry;
  entry.name = take_field(text);
  entry.location = take_field(text);
  entry.technology = take_field(text);
  const auto age = take_field(text);
  std::from_chars(age.data(), age.data() + age.size(), entry.age);
  entry.has_files = take_field(text) == "1";
  while (!text.empty()) entry.words.emplace_back(take_field(text));
  return entry;
}

std::vector<std::string> terms_of(const search_entry& entry) {
  std::vector<std::string> terms;
  for (const auto& word : entry.words) add_beginnings(terms, static_cast<char>(term_kind::word), word);
  add_beginnings(terms, static_cast<char>(term_kind::technology), entry.technology + end_of_text);
  add_beginnings(terms, static_cast<char>(term_kind::location), entry.location + end_of_text);
  add_name(terms, entry.name);
  terms.push_back(age_term(entry.age));
  terms.push_back(range_of_files(entry.has_files).from);
  // Two words may begin alike.
  std::ranges::sort(terms);
  const auto [first, last] = std::ranges::unique(terms);
  terms.erase(first, last);
  return terms;
}

term_range range_of_beginning(term_kind kind, std::string_view beginning) {
  std::size_t level = 0;
  while (level < levels.size() && bytes_of(beginning, levels[level]) < beginning.size()) ++level;
  auto from =
      make_term(static_cast<char>(kind), level < levels.size() ? letter(level) : whole_level, beginning);
  auto to = end_of_range(from);
  return {std::move(from), std::move(to)};
}

term_range range_of_whole(term_kind kind, std::string_view text) {
  return range_of_beginning(kind, std::string(text) + end_of_text);
}

term_range range_of_ages(std::int64_t from, std::int64_t to) {
  return {age_term(from), to < from ? age_term(from) : end_of_range(age_term(to))};
}

term_range range_of_files(bool has_files) {
  return has_files ? term_range{"f1", "f2"} : term_range{"f0", "f1"};
}

std::string name_term(std::size_t level, std::string_view beginning) {
  return make_term('n', letter(level), beginning);
}

std::string name_at(std::size_t level, std::string_view name) {
  const auto whole = std::string(name) + end_of_text;
  return whole.substr(0, bytes_of(whole, levels_of_names[level]));
}

std::string_view beginning_of(std::string_view term) {
  return term.substr(std::min<std::size_t>(2, term.size()));
}

bool is_whole_name(std::string_view beginning) {
  return beginning.ends_with(end_of_text);
}

}  // namespace dossier::stores::sql
