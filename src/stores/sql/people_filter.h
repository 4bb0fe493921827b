// The words and filters of a search, each as the pieces of SQL that ask for it.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "domain/people_query.h"
#include "stores/sql/connection.h"

namespace dossier::stores::sql {

using parameter = std::variant<std::int64_t, std::string>;

struct people_filter {
  enum class kind { word, technology, location, age, files };
  kind what;
  std::string ids;    // a select of the ids of its people, by its index
  std::string count;  // the same, counted up to `few`
  std::vector<parameter> ids_values;
  std::string natural;  // a condition on `person p` that may use an index; empty: there is none
  std::string check;    // the same, written so that no database uses an index for it
  std::vector<parameter> values;
};

// More people than this are not sorted: walking in order finds a page sooner.
inline constexpr int few = 2'000;

// invalid: too many words.
base::result<std::vector<people_filter>> filters_of(const domain::people_query& what);

// Up to `few`.
std::int64_t count_up_to_few(connection& on, const people_filter& one);

}  // namespace dossier::stores::sql
