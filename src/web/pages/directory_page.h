// The directory, GET /people: search, filters, order, pages. The query is in the address.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "domain/people_query.h"
#include "web/context.h"
#include "web/pages/directory_query.h"
#include "web/pages/field_parts.h"
#include "web/pages/page.h"

namespace dossier::web {

struct directory_view {
  directory_query asked;
  domain::people_page people;
  std::vector<base::field_error> wrong;     // what is wrong in the query
  std::optional<domain::person> by_number;  // the person whose number was searched for
  suggestions offered;                      // shown while somebody types
  bool was_deleted = false;                 // a record was just deleted
  base::time_point now;
};

std::string render_directory_page(page_frame frame, const directory_view& shown);

}  // namespace dossier::web
