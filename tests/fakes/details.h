// A person's details by the names of the four fields that there were at first, as tests write and read them.
#pragma once

#include <optional>
#include <string>

#include "domain/people_query.h"
#include "domain/validation.h"
#include "domain/values.h"

namespace dossier::fakes {

inline constexpr std::size_t name_at = 0;
inline constexpr std::size_t location_at = 1;
inline constexpr std::size_t age_at = 2;
inline constexpr std::size_t technology_at = 3;

struct known {
  std::string name;
  std::string location;
  int age = 0;
  std::string technology;

  operator domain::details() const {  // NOLINT(google-explicit-constructor)
    domain::details made;
    made[name_at] = name;
    made[location_at] = location;
    made[age_at] = std::to_string(age);
    made[technology_at] = technology;
    return made;
  }
};

struct typed {
  std::optional<std::string> name = {};
  std::optional<std::string> location = {};
  std::optional<std::string> age = {};
  std::optional<std::string> technology = {};

  operator domain::details_draft() const {  // NOLINT(google-explicit-constructor)
    domain::details_draft made;
    made[name_at] = name;
    made[location_at] = location;
    made[age_at] = age;
    made[technology_at] = technology;
    return made;
  }
};

// A question to the directory.
struct asked {
  std::string words = {};
  std::string technology = {};
  std::string location = {};
  std::string technology_exact = {};
  std::string location_exact = {};
  std::optional<int> age_from = {};
  std::optional<int> age_to = {};
  std::optional<bool> has_files = {};
  domain::people_sort sort = domain::people_sort::newest;
  int limit = 20;
  std::optional<domain::people_cursor> cursor = {};

  operator domain::people_query() const {  // NOLINT(google-explicit-constructor)
    using enum domain::comparison;
    domain::people_query made{
        .words = words, .has_files = has_files, .sort = sort, .limit = limit, .cursor = cursor};
    const auto add_text = [&](std::size_t field, domain::comparison how, const std::string& text) {
      if (!text.empty()) made.filters.push_back({.field = field, .how = how, .text = text});
    };
    const auto add_number = [&](std::size_t field, domain::comparison how, std::optional<int> number) {
      if (number) made.filters.push_back({.field = field, .how = how, .number = *number});
    };
    add_text(technology_at, begins_with, technology);
    add_text(technology_at, equals, technology_exact);
    add_text(location_at, begins_with, location);
    add_text(location_at, equals, location_exact);
    add_number(age_at, at_least, age_from);
    add_number(age_at, at_most, age_to);
    return made;
  }
};

// Of a question: what it compares a detail with in this way; nothing where it does not.
inline std::optional<std::string> text_of(const domain::people_query& what, std::size_t field,
                                          domain::comparison how) {
  for (const auto& one : what.filters) {
    if (one.field == field && one.how == how) return one.text;
  }
  return std::nullopt;
}
inline std::optional<std::int64_t> number_of(const domain::people_query& what, std::size_t field,
                                             domain::comparison how) {
  for (const auto& one : what.filters) {
    if (one.field == field && one.how == how) return one.number;
  }
  return std::nullopt;
}

}  // namespace dossier::fakes
