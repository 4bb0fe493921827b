#include "web/field_words.h"

#include "base/ascii.h"
#include "domain/field.h"

namespace dossier::web {
namespace {

using domain::comparison;
using domain::field_filter;

std::vector<filter_parameter> list_parameters() {
  std::vector<filter_parameter> all;
  for (const auto i : domain::filtered_details()) {
    const auto& field = domain::detail_fields()[i];
    const std::string name(field.name);
    if (field.filter == field_filter::text) {
      all.push_back({.name = name, .field = i, .how = comparison::begins_with});
      all.push_back(
          {.name = name + "_exact", .field = i, .how = comparison::equals, .on_page = field.links_to_same});
    } else {
      all.push_back({.name = name + "_from", .field = i, .how = comparison::at_least});
      all.push_back({.name = name + "_to", .field = i, .how = comparison::at_most});
    }
  }
  return all;
}

}  // namespace

std::string join_words(std::span<const std::string_view> words, std::string_view last_link) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text.append(i + 1 == words.size() ? last_link : ", ");
    text.append(words[i]);
  }
  return text;
}

std::string capitalized(std::string text) {
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') {
    text.front() = static_cast<char>(text.front() - 'a' + 'A');
  }
  return text;
}

std::vector<std::string_view> nouns_of_details() {
  std::vector<std::string_view> nouns;
  for (const auto& field : domain::detail_fields()) nouns.push_back(field.noun);
  return nouns;
}

std::vector<std::string_view> nouns_of_searched() {
  std::vector<std::string_view> nouns;
  for (const auto& field : domain::detail_fields()) {
    if (field.searched) nouns.push_back(field.noun);
  }
  return nouns;
}

std::vector<std::string_view> spoken_of_searched() {
  std::vector<std::string_view> words;
  for (const auto& field : domain::detail_fields()) {
    if (field.searched) words.push_back(field.spoken.empty() ? field.noun : field.spoken);
  }
  return words;
}

std::span<const filter_parameter> filter_parameters() {
  static const auto all = list_parameters();
  return all;
}

}  // namespace dossier::web
