#include "web/pages/directory_query.h"

#include <array>

#include "base/text.h"
#include "domain/validation.h"
#include "http/url.h"

namespace dossier::web {
namespace {

constexpr int people_on_a_page = 20;
constexpr std::size_t longest_filter = 200;  // characters, as of what it is compared with

struct member {
  std::string_view name;
  std::string directory_query::* value;
};
constexpr std::array<member, 9> members{{
    {"q", &directory_query::q},
    {"technology", &directory_query::technology},
    {"technology_exact", &directory_query::technology_exact},
    {"location", &directory_query::location},
    {"age_from", &directory_query::age_from},
    {"age_to", &directory_query::age_to},
    {"has_files", &directory_query::has_files},
    {"sort", &directory_query::sort},
    {"cursor", &directory_query::cursor},
}};

domain::people_sort sort_of(std::string_view text) {
  if (text == "oldest") return domain::people_sort::oldest;
  if (text == "name") return domain::people_sort::name;
  if (text == "age") return domain::people_sort::age;
  return domain::people_sort::newest;
}

std::optional<int> read_age(const std::string& typed, std::string_view field,
                            std::vector<base::field_error>& wrong) {
  if (typed.empty()) return std::nullopt;
  auto age = domain::parse_age(typed);
  if (!age) wrong.push_back({std::string(field), "Enter an age between 0 and 150, or leave it empty"});
  return age;
}

std::string read_filter(const std::string& typed, std::string_view field,
                        std::vector<base::field_error>& wrong) {
  if (base::count_characters(typed) <= longest_filter) return typed;
  wrong.push_back({std::string(field), "Shorten this filter to 200 characters or fewer"});
  return {};
}

}  // namespace

bool directory_query::filtered() const {
  return !technology.empty() || !technology_exact.empty() || !location.empty() || !age_from.empty() ||
         !age_to.empty() || !has_files.empty();
}

base::result<directory_query> read_directory_query(std::string_view query) {
  auto pairs = http::parse_form(query);
  if (!pairs) return base::pass(pairs);
  directory_query asked;
  for (const auto& [name, value] : members) {
    const auto given = http::find(*pairs, name);
    if (!given) continue;
    if (!base::is_valid_utf8(*given))
      return base::fail(base::error_code::malformed, "The address of this search cannot be read.");
    asked.*value = base::trim(*given);
  }
  if (asked.has_files != "yes" && asked.has_files != "no") asked.has_files.clear();
  if (sort_of(asked.sort) == domain::people_sort::newest) asked.sort.clear();
  return asked;
}

std::pair<domain::people_query, std::vector<base::field_error>> to_people_query(
    const directory_query& asked) {
  std::vector<base::field_error> wrong;
  domain::people_query query;
  if (auto too_much = domain::wrong_with_words(asked.q)) {
    wrong.push_back({"q", std::move(*too_much)});
  } else {
    query.words = asked.q;
  }
  query.technology = read_filter(asked.technology, "technology", wrong);
  query.technology_exact = read_filter(asked.technology_exact, "technology", wrong);
  query.location = read_filter(asked.location, "location", wrong);
  query.age_from = read_age(asked.age_from, "age_from", wrong);
  query.age_to = read_age(asked.age_to, "age_to", wrong);
  if (query.age_from && query.age_to && *query.age_from > *query.age_to)
    wrong.push_back({"age_to", "Enter an age that is not below the first"});
  if (!asked.has_files.empty()) query.has_files = asked.has_files == "yes";
  query.sort = sort_of(asked.sort);
  query.limit = people_on_a_page;
  query.cursor = domain::decode_cursor(asked.cursor);
  if (query.cursor && query.cursor->sort != query.sort) query.cursor.reset();
  return {std::move(query), std::move(wrong)};
}

std::string directory_address(const directory_query& asked) {
  std::string address = "/people";
  char separator = '?';
  for (const auto& [name, value] : members) {
    if ((asked.*value).empty()) continue;
    address += separator;
    address.append(name).append("=").append(http::percent_encode(asked.*value));
    separator = '&';
  }
  return address;
}

}  // namespace dossier::web
