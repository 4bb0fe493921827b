// The query in the directory's address. Reads and checks it, and writes it again for links.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "domain/people_query.h"
#include "web/field_words.h"

namespace dossier::web {

// The values as they were typed; empty ones do not appear in addresses.
struct directory_query {
  std::string q;
  std::vector<std::string> filters = std::vector<std::string>(filter_parameters().size());
  std::string has_files;  // yes, no or empty
  std::string sort;       // a name of people_sorts(); empty: newest
  std::string cursor;

  // The filter of this parameter, which is one of filter_parameters().
  std::string& filter(std::string_view parameter);
  const std::string& filter(std::string_view parameter) const;

  bool filtered() const;  // by anything other than the words
};

// malformed when the address cannot be read. Unknown parameters are ignored.
base::result<directory_query> read_directory_query(std::string_view query);

// The query for the domain, and what is wrong with what was asked. A filter that cannot be read is left out
// of the query and named as wrong. A cursor of another order is left out.
std::pair<domain::people_query, std::vector<base::field_error>> to_people_query(const directory_query& asked);

// "/people?q=…&sort=name"
std::string directory_address(const directory_query& asked);

}  // namespace dossier::web
