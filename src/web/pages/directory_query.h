// What the directory was asked, as it stands in its address: read, checked, and written again for links.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "domain/people_query.h"

namespace dossier::web {

// The values as they were typed; empty ones do not appear in addresses.
struct directory_query {
  std::string q;
  std::string technology;        // its beginning
  std::string technology_exact;  // all of it: what a person's own leads to
  std::string location;
  std::string age_from;
  std::string age_to;
  std::string has_files;  // yes, no or empty
  std::string sort;       // newest (or empty), oldest, name, age
  std::string cursor;

  bool filtered() const;  // by anything but the words
};

// malformed when the address cannot be read. What it does not know it ignores.
base::result<directory_query> read_directory_query(std::string_view query);

// The query for the domain, with what is wrong with it: a filter that cannot be used is left out and named.
// A cursor of another order is left out.
std::pair<domain::people_query, std::vector<base::field_error>> to_people_query(const directory_query& asked);

// "/people?q=…&sort=name"
std::string directory_address(const directory_query& asked);

}  // namespace dossier::web
