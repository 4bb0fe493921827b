#include "stores/sql/search/search_terms.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

#include <fmt/format.h>

#include "base/expects.h"
#include "base/text_policy.h"
#include "domain/field.h"
#include "stores/sql/rows.h"

namespace dossier::stores::sql {
namespace {

// Lengths in characters. The terms in a range differ only in the few characters between one level and the
// next.
constexpr std::array<std::size_t, 8> levels{1, 2, 4, 8, 12, 16, 24, 32};
// People whose texts are the same up to the last level are sorted by the texts themselves.
constexpr std::array<std::size_t, order_levels> levels_of_order{1, 2, 4, 8, 12};

constexpr char whole_level = 'z';
constexpr char end_of_text = '\x01';  // sorts before every character that a text may have
constexpr char between_fields = '\x02';
constexpr std::int64_t largest = 999;
// The number of an index's policy is the version of the fields times this, plus the version of the text
// policy.
constexpr std::int64_t fields_in_policy = 1'000'000;

// How many bytes the first `characters` characters have; all bytes of the text when it is shorter.
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
  base::expects(kind != 0, "a term has the letter of its kind");
  std::string term{kind, level};
  return term.append(beginning);
}

char letter(std::size_t level) {
  return static_cast<char>('a' + level);
}

// Adds a term for every level up to the first one that holds the whole text.
void add_beginnings(std::vector<std::string>& to, char kind, std::string_view text) {
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const auto bytes = bytes_of(text, levels[i]);
    to.push_back(make_term(kind, letter(i), text.substr(0, bytes)));
    if (bytes == text.size()) return;
  }
  to.push_back(make_term(kind, whole_level, text));
}

void add_order(std::vector<std::string>& to, char kind, const std::string& text) {
  for (std::size_t i = 0; i < order_levels; ++i) {
    auto beginning = order_at(i, text);
    const bool whole = is_whole_text(beginning);
    to.push_back(order_term(kind, i, beginning));
    if (whole) return;
  }
}

std::string number_term(char kind, std::int64_t number) {
  base::expects(kind != 0, "a term has the letter of its kind");
  return fmt::format("{}{:03}", kind, std::clamp<std::int64_t>(number, 0, largest));
}

std::size_t count_among(std::span<const std::size_t> places, std::size_t details) {
  return static_cast<std::size_t>(
      std::ranges::count_if(places, [&](std::size_t place) { return place < details; }));
}

bool has_all_details(const search_entry& entry) {
  return entry.texts.size() == text_details().size() && entry.numbers.size() == number_details().size();
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
  base::expects(has_all_details(entry), "an entry has every detail");
  std::string text;
  for (const auto& one : entry.texts) {
    append_clean(text, one);
    text.push_back(between_fields);
  }
  for (const auto number : entry.numbers) text += fmt::format("{}{}", number, between_fields);
  text += entry.has_files ? '1' : '0';
  for (const auto& word : entry.words) {
    text.push_back(between_fields);
    append_clean(text, word);
  }
  return text;
}

std::int64_t index_policy() {
  return domain::fields_version() * fields_in_policy + base::text_policy_version;
}

search_entry read_entry(std::string_view text, std::int64_t policy) {
  const auto details = domain::details_at_first + static_cast<std::size_t>(policy / fields_in_policy);
  search_entry entry;
  entry.texts.resize(text_details().size());
  entry.numbers.resize(number_details().size());
  const auto texts = count_among(text_details(), details);
  const auto numbers = count_among(number_details(), details);
  for (std::size_t i = 0; i < texts; ++i) entry.texts[i] = take_field(text);
  for (std::size_t i = 0; i < numbers; ++i) {
    const auto number = take_field(text);
    std::from_chars(number.data(), number.data() + number.size(), entry.numbers[i]);
  }
  entry.has_files = take_field(text) == "1";
  while (!text.empty()) entry.words.emplace_back(take_field(text));
  return entry;
}

std::vector<std::string> terms_of(const search_entry& entry) {
  base::expects(has_all_details(entry), "an entry has every detail");
  std::vector<std::string> terms;
  const auto fields = domain::detail_fields();
  for (const auto& word : entry.words) add_beginnings(terms, word_term, word);
  for (std::size_t i = 0; i < entry.texts.size(); ++i) {
    const auto& field = fields[text_details()[i]];
    if (field.filter_term != 0) add_beginnings(terms, field.filter_term, entry.texts[i] + end_of_text);
    if (field.order_term != 0) add_order(terms, field.order_term, entry.texts[i]);
  }
  for (std::size_t i = 0; i < entry.numbers.size(); ++i) {
    const auto& field = fields[number_details()[i]];
    // The order and the range of a number share their terms.
    if (const char kind = number_kind(field); kind != 0) terms.push_back(number_term(kind, entry.numbers[i]));
  }
  terms.push_back(range_of_files(entry.has_files).from);
  // Two words may have the same beginning.
  std::ranges::sort(terms);
  const auto [first, last] = std::ranges::unique(terms);
  terms.erase(first, last);
  return terms;
}

term_range range_of_beginning(char kind, std::string_view beginning) {
  std::size_t level = 0;
  while (level < levels.size() && bytes_of(beginning, levels[level]) < beginning.size()) ++level;
  auto from = make_term(kind, level < levels.size() ? letter(level) : whole_level, beginning);
  auto to = end_of_range(from);
  return {std::move(from), std::move(to)};
}

term_range range_of_whole(char kind, std::string_view text) {
  return range_of_beginning(kind, std::string(text) + end_of_text);
}

term_range range_of_numbers(char kind, std::int64_t from, std::int64_t to) {
  auto begin = number_term(kind, from);
  auto end = to < from ? begin : end_of_range(number_term(kind, to));
  return {std::move(begin), std::move(end)};
}

char number_kind(const domain::field& which) {
  return which.filter_term != 0 ? which.filter_term : which.order_term;
}

term_range range_of_files(bool has_files) {
  return has_files ? term_range{"f1", "f2"} : term_range{"f0", "f1"};
}

std::string order_term(char kind, std::size_t level, std::string_view beginning) {
  return make_term(kind, letter(level), beginning);
}

std::string order_at(std::size_t level, std::string_view text) {
  base::expects(level < order_levels, "an order has this level");
  const auto whole = std::string(text) + end_of_text;
  return whole.substr(0, bytes_of(whole, levels_of_order[level]));
}

std::string_view beginning_of(std::string_view term) {
  return term.substr(std::min<std::size_t>(2, term.size()));
}

bool is_whole_text(std::string_view beginning) {
  return beginning.ends_with(end_of_text);
}

}  // namespace dossier::stores::sql
