#include "web/pages/directory_query.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/expects.h"
#include "base/text.h"
#include "domain/field.h"
#include "domain/validation.h"
#include "http/url.h"

namespace dossier::web {
namespace {

using domain::people_sort;

constexpr int people_on_a_page = 20;

// Calls take() with each parameter of the address, in their order, and with its value in the query.
template <class Query, class Take>
void for_each_member(Query& asked, Take take) {
  take("q", asked.q);
  const auto parameters = filter_parameters();
  base::expects(asked.filters.size() == parameters.size(), "a query has a place for each filter");
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (parameters[i].on_page) take(parameters[i].name, asked.filters[i]);
  }
  take("has_files", asked.has_files);
  take("sort", asked.sort);
  take("cursor", asked.cursor);
}

using field_errors = std::vector<base::field_error>;

void read_text(const std::string& typed, const filter_parameter& which, domain::people_query& query,
               field_errors& wrong) {
  const auto& field = domain::detail_fields()[which.field];
  if (std::cmp_greater(base::count_characters(typed), field.most)) {
    wrong.push_back(
        {std::string(field.name), fmt::format("Shorten this filter to {} characters or fewer", field.most)});
    return;
  }
  query.filters.push_back({.field = which.field, .how = which.how, .text = typed});
}

void read_number(const std::string& typed, const filter_parameter& which, domain::people_query& query,
                 field_errors& wrong) {
  const auto& field = domain::detail_fields()[which.field];
  const auto number = domain::parse_number(typed, field.most);
  if (!number) {
    wrong.push_back({which.name, domain::enter_a_number(field) + ", or leave it empty"});
    return;
  }
  const auto from = std::ranges::find_if(query.filters, [&](const auto& one) {
    return one.field == which.field && one.how == domain::comparison::at_least;
  });
  if (which.how == domain::comparison::at_most && from != query.filters.end() && from->number > *number) {
    wrong.push_back(
        {which.name, fmt::format("Enter {} {} that is not below the first", field.article, field.noun)});
  }
  query.filters.push_back({.field = which.field, .how = which.how, .number = *number});
}

std::size_t place_of(std::string_view parameter) {
  const auto all = filter_parameters();
  const auto found = std::ranges::find(all, parameter, &filter_parameter::name);
  base::expects(found != all.end(), "the parameter is one that lists are narrowed by");
  return static_cast<std::size_t>(found - all.begin());
}

}  // namespace

std::string& directory_query::filter(std::string_view parameter) {
  return filters[place_of(parameter)];
}

const std::string& directory_query::filter(std::string_view parameter) const {
  return filters[place_of(parameter)];
}

bool directory_query::filtered() const {
  return !has_files.empty() || !std::ranges::all_of(filters, &std::string::empty);
}

base::result<directory_query> read_directory_query(std::string_view query) {
  auto pairs = http::parse_form(query);
  if (!pairs) return base::pass(pairs);
  directory_query asked;
  bool readable = true;
  for_each_member(asked, [&](std::string_view name, std::string& value) {
    const auto given = http::find(*pairs, name);
    if (!given) return;
    readable = readable && base::is_valid_utf8(*given);
    if (readable) value = base::trim(*given);
  });
  if (!readable) return base::fail(base::error_code::malformed, "The address of this search cannot be read.");
  if (asked.has_files != "yes" && asked.has_files != "no") asked.has_files.clear();
  if (domain::parse_sort(asked.sort).value_or(people_sort::newest) == people_sort::newest) asked.sort.clear();
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
  const auto parameters = filter_parameters();
  base::expects(asked.filters.size() == parameters.size(), "a query has a place for each filter");
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (asked.filters[i].empty()) continue;
    const bool range = domain::detail_fields()[parameters[i].field].filter == domain::field_filter::range;
    (range ? read_number : read_text)(asked.filters[i], parameters[i], query, wrong);
  }
  if (!asked.has_files.empty()) query.has_files = asked.has_files == "yes";
  query.sort = domain::parse_sort(asked.sort).value_or(people_sort::newest);
  query.limit = people_on_a_page;
  query.cursor = domain::decode_cursor(asked.cursor);
  if (query.cursor && query.cursor->sort != query.sort) query.cursor.reset();
  return {std::move(query), std::move(wrong)};
}

std::string directory_address(const directory_query& asked) {
  std::string address = "/people";
  char separator = '?';
  for_each_member(asked, [&](std::string_view name, const std::string& value) {
    if (value.empty()) return;
    address += separator;
    address.append(name).append("=").append(http::percent_encode(value));
    separator = '&';
  });
  return address;
}

}  // namespace dossier::web
