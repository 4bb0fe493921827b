// Answers a query of the directory by SQL, with a fixed plan that does not depend on a database's optimizer:
//
// First it looks at the next few hundred people in the order asked for: when many of them match, they fill
// the page. Otherwise the index says who matches (people_set.h), and these people are taken in order
// (set_walk.h). The few people whose index entries are out of date are checked one by one and merged in. So
// no query, whatever it asks for, reads, counts or sorts many people.
#pragma once

#include <cstddef>

#include "domain/people_query.h"
#include "stores/sql/connection.h"

namespace dossier::stores::sql {

struct search_plan {
  std::size_t looked_at_first = 384;
  std::size_t sorted = 1'000;  // up to this many are sorted by reading their keys
  // When at most this many are left, the index is not asked which of them match the next filter.
  std::size_t few = 64;
};

base::result<domain::people_page> search_people(connection& on, const domain::people_query& what,
                                                const search_plan& plan = {});

}  // namespace dossier::stores::sql
