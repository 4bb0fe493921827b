#include "domain/people_query.h"

#include <algorithm>
#include <charconv>
#include <string_view>

#include <fmt/format.h>

#include "base/encoding.h"
#include "base/expects.h"
#include "base/text.h"
#include "base/text_policy.h"
#include "domain/field.h"

namespace dossier::domain {
namespace {

constexpr std::size_t longest_cursor = 2048;
constexpr std::size_t longest_words = 200;  // characters, as the longest name

std::optional<std::int64_t> parse_key(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

std::size_t count_words(std::string_view text) {
  std::size_t words = 0;
  bool within = false;
  for (const char c : text) {
    const bool separates = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (!separates && !within) ++words;
    within = !separates;
  }
  return words;
}

}  // namespace

std::optional<std::size_t> detail_of(people_sort sort) {
  auto left = static_cast<int>(sort) - static_cast<int>(people_sort::name);
  if (left < 0) return std::nullopt;
  const auto all = detail_fields();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].order_term != 0 && left-- == 0) return i;
  }
  base::expects(false, "an order is one of those there are");
  return std::nullopt;
}

std::span<const named_sort> people_sorts() {
  static const auto sorts = [] {
    std::vector<named_sort> all{{people_sort::newest, "newest"}, {people_sort::oldest, "oldest"}};
    for (const auto& field : detail_fields()) {
      if (field.order_term != 0) all.push_back({static_cast<people_sort>(all.size()), field.name});
    }
    base::expects(all.size() <= 10, "an order is one digit in a cursor");
    return all;
  }();
  return sorts;
}

std::optional<people_sort> parse_sort(std::string_view name) {
  const auto sorts = people_sorts();
  const auto found = std::ranges::find(sorts, name, &named_sort::name);
  if (found == sorts.end()) return std::nullopt;
  return found->sort;
}

std::optional<std::string> wrong_with_words(std::string_view words) {
  if (base::count_characters(words) > longest_words)
    return fmt::format("Shorten the search to {} characters or fewer", longest_words);
  if (count_words(words) > base::most_query_words)
    return fmt::format("Search for at most {} words", base::most_query_words);
  return std::nullopt;
}

// sort digit, direction, id, ':' and the key: "2f1042:anna berg".
std::string encode_cursor(const people_cursor& cursor) {
  base::expects(static_cast<std::size_t>(cursor.sort) < people_sorts().size(),
                "an order is one of those there are");
  return base::base64url_encode(fmt::format("{}{}{}:{}", static_cast<int>(cursor.sort),
                                            cursor.backwards ? 'b' : 'f', cursor.id, cursor.key));
}

std::optional<people_cursor> decode_cursor(std::string_view text) {
  if (text.size() > longest_cursor) return std::nullopt;
  const auto bytes = base::base64url_decode(text);
  if (!bytes || bytes->size() < 4 || !base::is_valid_utf8(*bytes)) return std::nullopt;
  const std::string_view view = *bytes;
  const char sort = view[0];
  const char direction = view[1];
  const auto colon = view.find(':');
  const bool known = sort >= '0' && sort < '0' + static_cast<int>(people_sorts().size());
  if (!known || (direction != 'f' && direction != 'b') || colon == std::string_view::npos) {
    return std::nullopt;
  }
  const auto id = parse_key(view.substr(2, colon - 2));
  if (!id) return std::nullopt;
  people_cursor cursor{.sort = static_cast<people_sort>(sort - '0'),
                       .backwards = direction == 'b',
                       .key = std::string(view.substr(colon + 1)),
                       .id = *id};
  const auto field = detail_of(cursor.sort);
  if (field && detail_fields()[*field].kind == field_kind::whole_number && !parse_key(cursor.key))
    return std::nullopt;
  return cursor;
}

// direction, person, ':' and the file: "n7:1042".
std::string encode_cursor(const files_query& query) {
  return base::base64url_encode(fmt::format("{}{}:{}", query.newest_first ? 'n' : 'o', query.person.value,
                                            query.after.value_or(file_id{}).value));
}

std::optional<files_query> decode_files_cursor(std::string_view text) {
  if (text.size() > longest_cursor) return std::nullopt;
  const auto bytes = base::base64url_decode(text);
  if (!bytes || bytes->size() < 4) return std::nullopt;
  const std::string_view view = *bytes;
  const auto colon = view.find(':');
  if ((view[0] != 'n' && view[0] != 'o') || colon == std::string_view::npos) return std::nullopt;
  const auto person = parse_key(view.substr(1, colon - 1));
  const auto after = parse_key(view.substr(colon + 1));
  if (!person || !after) return std::nullopt;
  return files_query{.person = {*person}, .newest_first = view[0] == 'n', .after = file_id{*after}};
}

}  // namespace dossier::domain
