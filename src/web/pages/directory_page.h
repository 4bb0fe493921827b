// The directory, GET /people: search, filters, order, pages. The query is in the address.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "domain/people_query.h"
#include "web/context.h"
#include "web/pages/directory_query.h"
#include "web/pages/page.h"

namespace dossier::web {

struct directory_view {
  directory_query asked;
  domain::people_page people;
  std::vector<base::field_error> wrong;     // of what was asked
  std::optional<domain::person> by_number;  // the words are a number that someone has
  std::vector<std::string> technologies;    // suggestions
  bool was_deleted = false;                 // comes from deleting a record
  base::time_point now;
};

std::string render_directory_page(page_frame frame, const directory_view& shown);

}  // namespace dossier::web
