// Words from the table of fields, for sentences on pages and in the API's document.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/people_query.h"

namespace dossier::web {

// "name, location or technology"
std::string join_words(std::span<const std::string_view> words, std::string_view last_link);
// With its first letter in upper case, if that is an ASCII letter.
std::string capitalized(std::string text);

// The nouns of all details; the nouns of the details that a search looks at; and the everyday words for
// these, such as "place".
std::vector<std::string_view> nouns_of_details();
std::vector<std::string_view> nouns_of_searched();
std::vector<std::string_view> spoken_of_searched();

// A parameter of a URL that filters a list of people: technology, technology_exact, age_from, …
struct filter_parameter {
  std::string name;
  std::size_t field = 0;  // its place in detail_fields()
  domain::comparison how = domain::comparison::begins_with;
  bool on_page = true;  // the directory page takes it too, not only the API
};
// In the order of the table's filters.
std::span<const filter_parameter> filter_parameters();

}  // namespace dossier::web
