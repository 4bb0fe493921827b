// The directory's question as SQL, with a plan of our own, so that it does not depend on a database's
// guesses:
//
// First the next few hundred people in the order asked for are looked at: where many are meant, a page is
// full by then. Otherwise the index says who is meant (search/postings.h), and they are taken in order
// (search/set_walk.h); those whom the index does not have as they are now, few, are looked at one by one and
// sorted in between. So no page walks, counts or sorts many, whatever is asked.
#pragma once

#include <cstddef>

#include "domain/people_query.h"
#include "stores/sql/connection.h"

namespace dossier::stores::sql {

struct search_plan {
  std::size_t looked_at_first = 384;
  std::size_t sorted = 1'000;  // at most, by reading what they are sorted by
  // So few are not worth asking who of them meets the next word, too.
  std::size_t few = 64;
};

base::result<domain::people_page> search_people(connection& on, const domain::people_query& what,
                                                const search_plan& plan = {});

}  // namespace dossier::stores::sql
