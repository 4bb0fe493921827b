// The rows of the search's index: who has a term, a row for each block of people.
#pragma once

#include <string>
#include <vector>

#include "stores/sql/connection.h"
#include "stores/sql/search/people_set.h"
#include "stores/sql/search/search_terms.h"

namespace dossier::stores::sql {

// Adds who has one of these terms at least.
void load_people(connection& on, const term_range& terms, people_set& into);

struct posting_change {
  std::string term;
  std::int64_t person = 0;
  bool has = false;  // from now on; otherwise no longer
};

// All of them, each row once.
void change_postings(connection& on, std::vector<posting_change> changes);

}  // namespace dossier::stores::sql
