// Answers the directory's query by SQL, with a plan of our own that does not depend on a database's guesses:
//
// First it looks at the next few hundred people in the order asked for: when many people match, they fill the
// page. Otherwise the index says who matches (people_set.h), and these people are taken in order
// (set_walk.h). The few whom the index does not have as they are now are looked at one by one and merged in.
// So no page walks, counts or sorts many people, whatever is asked.
#pragma once

#include <cstddef>

#include "domain/people_query.h"
#include "stores/sql/connection.h"

namespace dossier::stores::sql {

struct search_plan {
  std::size_t looked_at_first = 384;
  std::size_t sorted = 1'000;  // at most so many are sorted by reading their keys
  // When no more are left, the index is not asked who of them matches the next filter, too.
  std::size_t few = 64;
};

base::result<domain::people_page> search_people(connection& on, const domain::people_query& what,
                                                const search_plan& plan = {});

}  // namespace dossier::stores::sql
