// The parameters of the API's lists. They are strict: a filter with a typing error must not list everybody.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "domain/people_query.h"

namespace dossier::web::api {

// Takes q, the filters (filter_parameters() in field_words.h), has_files, sort, limit and cursor. invalid:
// names every wrong parameter; malformed: the query cannot be decoded.
base::result<domain::people_query> parse_people_query(std::string_view query);

// Takes order, limit and cursor. The query is for this person's files.
base::result<domain::files_query> parse_files_query(std::string_view query, domain::person_id person);

struct catalog_query {
  std::string author;
  std::string cursor;  // empty: from the start
  int limit = 20;
};

// Takes author (required), cursor and limit.
base::result<catalog_query> parse_catalog_query(std::string_view query);

}  // namespace dossier::web::api
