// The words and filters of a search, each as a condition on a row and as ranges of the index's terms.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "domain/people_query.h"
#include "stores/sql/connection.h"
#include "stores/sql/query.h"
#include "stores/sql/search/search_terms.h"

namespace dossier::stores::sql {

using parameter = std::variant<std::int64_t, std::string>;

inline void add_values(query& to, const std::vector<parameter>& values) {
  for (const auto& value : values) std::visit([&](const auto& one) { to.add(one); }, value);
}

struct people_filter {
  std::string check;  // a condition on `person p`, written so that no database uses an index for it
  std::vector<parameter> values;
  std::vector<term_range> terms;  // at least one; a person with a term in any of these matches
};

// Whether nobody can match, because a text in the query has no word in it.
bool asks_for_nobody(const domain::people_query& what);

// Filters that few people are likely to match come first. invalid: too many words.
base::result<std::vector<people_filter>> filters_of(const domain::people_query& what);

}  // namespace dossier::stores::sql
