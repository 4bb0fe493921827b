// The directory's question as SQL, with a plan of our own, so that it does not depend on a database's
// guesses:
//
// Each word and filter is first asked how many people it has, counting up to `few`. When one has few, the
// search starts from those and sorts them. When all have many, it walks the people in the order asked for,
// and a page is full soon. So no page counts or sorts many, whatever is asked.
#pragma once

#include "domain/people_query.h"
#include "stores/sql/connection.h"

namespace dossier::stores::sql {

base::result<domain::people_page> search_people(connection& on, const domain::people_query& what);

}  // namespace dossier::stores::sql
