#include "web/api/list_query.h"

#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/expects.h"
#include "base/text.h"
#include "domain/field.h"
#include "http/url.h"
#include "web/field_words.h"

namespace dossier::web::api {
namespace {

using base::error_code;

constexpr std::size_t longest_author = 200;   // characters, as many as of a name
constexpr std::size_t longest_cursor = 2048;  // bytes
constexpr int largest_page = 100;
constexpr std::string_view wrong_cursor =
    "Send the next_cursor of a page of the same list, or none for the first page";

std::optional<int> parse_whole(std::string_view text, int from, int to) {
  const auto value = base::parse_whole(text);
  if (!value || *value < from || *value > to) return std::nullopt;
  return static_cast<int>(*value);
}

// Takes known parameters out one by one and collects what is wrong with each.
class parameters {
 public:
  explicit parameters(std::vector<http::name_value> pairs) : pairs_(std::move(pairs)) {}

  std::optional<std::string> take(std::string_view name) {
    std::optional<std::string> value;
    std::erase_if(pairs_, [&](http::name_value& pair) {
      if (pair.name != name) return false;
      if (value) refuse(name, "Send this parameter once");
      value = std::move(pair.value);
      return true;
    });
    return value;
  }
  std::string take_text(std::string_view name, int most) {
    auto text = take(name).value_or("");
    if (!base::is_valid_utf8(text)) return refuse(name, "Send UTF-8 text"), std::string();
    text = std::string(base::trim(text));
    if (std::cmp_greater(base::count_characters(text), most))
      return refuse(name, fmt::format("Shorten this to {} characters or fewer", most)), std::string();
    return text;
  }
  std::optional<int> take_whole(std::string_view name, int from, int to) {
    const auto text = take(name);
    if (!text) return std::nullopt;
    const auto value = parse_whole(*text, from, to);
    if (!value)
      refuse(name, "Send a whole number from " + std::to_string(from) + " to " + std::to_string(to));
    return value;
  }

  void refuse(std::string_view name, std::string message) {
    wrong_.push_back({base::readable_text(name), std::move(message)});
  }

  // Parameters that were not taken are unknown.
  std::optional<base::error> finish() {
    for (const auto& pair : pairs_) refuse(pair.name, "There is no such parameter; leave it out");
    if (wrong_.empty()) return std::nullopt;
    return base::error{error_code::invalid, "Some parameters need another look.", std::move(wrong_)};
  }

 private:
  std::vector<http::name_value> pairs_;
  std::vector<base::field_error> wrong_;
};

std::string take_words(parameters& given) {
  auto text = given.take("q").value_or("");
  if (!base::is_valid_utf8(text)) return given.refuse("q", "Send UTF-8 text"), std::string();
  text = base::trim(text);
  if (auto wrong = domain::wrong_with_words(text)) return given.refuse("q", std::move(*wrong)), std::string();
  return text;
}

// Takes the filters that compare in this way.
void take_texts(parameters& given, domain::comparison how, domain::people_query& query) {
  for (const auto& one : filter_parameters()) {
    if (one.how != how) continue;
    if (auto text = given.take_text(one.name, domain::detail_fields()[one.field].most); !text.empty())
      query.filters.push_back({.field = one.field, .how = how, .text = std::move(text)});
  }
}

void take_range(parameters& given, std::size_t field, domain::people_query& query) {
  const auto& which = domain::detail_fields()[field];
  const std::string from_name = std::string(which.name) + "_from";
  const std::string to_name = std::string(which.name) + "_to";
  const auto from = given.take_whole(from_name, 0, which.most);
  const auto to = given.take_whole(to_name, 0, which.most);
  if (from) query.filters.push_back({.field = field, .how = domain::comparison::at_least, .number = *from});
  if (to) query.filters.push_back({.field = field, .how = domain::comparison::at_most, .number = *to});
  if (from && to && *from > *to) {
    given.refuse(to_name,
                 fmt::format("Send {} {} that is not below {}", which.article, which.noun, from_name));
  }
}

void take_filters(parameters& given, domain::people_query& query) {
  take_texts(given, domain::comparison::begins_with, query);
  take_texts(given, domain::comparison::equals, query);
  for (const auto field : domain::filtered_details()) {
    if (domain::detail_fields()[field].filter == domain::field_filter::range) take_range(given, field, query);
  }
}

void take_has_files(parameters& given, domain::people_query& query) {
  const auto text = given.take("has_files");
  if (!text) return;
  if (*text == "true" || *text == "false") {
    query.has_files = *text == "true";
  } else {
    given.refuse("has_files", "Send true or false");
  }
}

// "newest, oldest, name or age"
std::string words_of_sorts() {
  std::vector<std::string_view> names;
  for (const auto& one : domain::people_sorts()) names.push_back(one.name);
  return join_words(names, " or ");
}

// A cursor is a place in one order. Without `sort`, the cursor's order is used; with another `sort`, the
// cursor is refused.
void take_order(parameters& given, domain::people_query& query) {
  const auto sort_text = given.take("sort");
  const auto sort = sort_text ? domain::parse_sort(*sort_text) : std::nullopt;
  if (sort_text && !sort) given.refuse("sort", "Send " + words_of_sorts());
  query.sort = sort.value_or(domain::people_sort::newest);
  const auto cursor_text = given.take("cursor");
  if (!cursor_text) return;
  if (cursor_text->size() <= longest_cursor) query.cursor = domain::decode_cursor(*cursor_text);
  if (!query.cursor || (sort && query.cursor->sort != *sort)) {
    given.refuse("cursor", std::string(wrong_cursor));
    return;
  }
  query.sort = query.cursor->sort;
}

}  // namespace

base::result<domain::people_query> parse_people_query(std::string_view text) {
  auto pairs = http::parse_form(text);
  if (!pairs) return base::pass(pairs);
  parameters given(std::move(*pairs));
  domain::people_query query;
  query.words = take_words(given);
  take_filters(given, query);
  take_has_files(given, query);
  query.limit = given.take_whole("limit", 1, largest_page).value_or(query.limit);
  base::expects(query.limit >= 1 && query.limit <= largest_page, "a page of a list has 1 to 100 items");
  take_order(given, query);
  if (auto wrong = given.finish()) return std::unexpected(std::move(*wrong));
  return query;
}

// As with people, a cursor holds its order. It is a place in one person's list only.
base::result<domain::files_query> parse_files_query(std::string_view text, domain::person_id person) {
  auto pairs = http::parse_form(text);
  if (!pairs) return base::pass(pairs);
  parameters given(std::move(*pairs));
  domain::files_query query{.person = person};
  const auto order = given.take("order");
  if (order && *order != "oldest" && *order != "newest") given.refuse("order", "Send oldest or newest");
  query.newest_first = order == "newest";
  if (const auto cursor = given.take("cursor")) {
    const auto place = domain::decode_files_cursor(*cursor);
    if (place && place->person == person && (!order || place->newest_first == query.newest_first)) {
      query = *place;
    } else {
      given.refuse("cursor", std::string(wrong_cursor));
    }
  }
  query.limit = given.take_whole("limit", 1, largest_page).value_or(query.limit);
  base::expects(query.limit >= 1 && query.limit <= largest_page, "a page of a list has 1 to 100 items");
  if (auto wrong = given.finish()) return std::unexpected(std::move(*wrong));
  return query;
}

base::result<catalog_query> parse_catalog_query(std::string_view text) {
  auto pairs = http::parse_form(text);
  if (!pairs) return base::pass(pairs);
  parameters given(std::move(*pairs));
  catalog_query query;
  const auto author = given.take("author");
  query.author = author.value_or("");
  if (!base::is_valid_utf8(query.author) || base::count_characters(query.author) > longest_author) {
    given.refuse("author", "Send a person's name as UTF-8 text");
  } else if (base::trim(query.author).empty()) {
    given.refuse("author", "Send the name of the person whose files you look for");
  }
  query.cursor = given.take("cursor").value_or("");
  if (!base::is_valid_utf8(query.cursor) || query.cursor.size() > longest_cursor) {
    given.refuse("cursor", std::string(wrong_cursor));
  }
  query.limit = given.take_whole("limit", 1, largest_page).value_or(query.limit);
  if (auto wrong = given.finish()) return std::unexpected(std::move(*wrong));
  return query;
}

}  // namespace dossier::web::api
