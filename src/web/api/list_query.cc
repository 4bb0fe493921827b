#include "web/api/list_query.h"

#include <optional>
#include <utility>
#include <vector>

#include "base/text.h"
#include "http/url.h"
#include "web/readable_text.h"

namespace dossier::web::api {
namespace {

using base::error_code;

constexpr std::size_t longest_text = 200;     // characters of a word search, filter or author, as of a name
constexpr std::size_t longest_cursor = 2048;  // bytes
constexpr int largest_page = 100;
constexpr std::string_view wrong_cursor =
    "Send the next_cursor of a page of the same list, or none for the first page";

std::optional<int> parse_whole(std::string_view text, int from, int to) {
  const auto value = base::parse_whole(text);
  if (!value || *value < from || *value > to) return std::nullopt;
  return static_cast<int>(*value);
}

std::optional<domain::people_sort> parse_sort(std::string_view text) {
  if (text == "newest") return domain::people_sort::newest;
  if (text == "oldest") return domain::people_sort::oldest;
  if (text == "name") return domain::people_sort::name;
  if (text == "age") return domain::people_sort::age;
  return std::nullopt;
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
  std::string take_text(std::string_view name) {
    auto text = take(name).value_or("");
    if (!base::is_valid_utf8(text)) return refuse(name, "Send UTF-8 text"), std::string();
    text = std::string(base::trim(text));
    if (base::count_characters(text) > longest_text)
      return refuse(name, "Shorten this to 200 characters or fewer"), std::string();
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
    wrong_.push_back({readable_text(name), std::move(message)});
  }

  // What is left over is unknown.
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

void take_ages(parameters& given, domain::people_query& query) {
  query.age_from = given.take_whole("age_from", 0, 150);
  query.age_to = given.take_whole("age_to", 0, 150);
  if (query.age_from && query.age_to && *query.age_from > *query.age_to) {
    given.refuse("age_to", "Send an age that is not below age_from");
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

// A cursor is a place in one order: without `sort` it brings its own, with another `sort` it means nothing.
void take_order(parameters& given, domain::people_query& query) {
  const auto sort_text = given.take("sort");
  const auto sort = sort_text ? parse_sort(*sort_text) : std::nullopt;
  if (sort_text && !sort) given.refuse("sort", "Send newest, oldest, name or age");
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
  query.technology = given.take_text("technology");
  query.location = given.take_text("location");
  query.technology_exact = given.take_text("technology_exact");
  query.location_exact = given.take_text("location_exact");
  take_ages(given, query);
  take_has_files(given, query);
  query.limit = given.take_whole("limit", 1, largest_page).value_or(query.limit);
  take_order(given, query);
  if (auto wrong = given.finish()) return std::unexpected(std::move(*wrong));
  return query;
}

// As with people, a cursor brings its order along, and is a place in one list only.
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
  if (!base::is_valid_utf8(query.author) || base::count_characters(query.author) > longest_text) {
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
