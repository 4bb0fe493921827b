// A person's details as a JSON object from outside: one flat object, limited, checked member by member.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "domain/validation.h"

namespace dossier::web {

struct parsed_details {
  domain::details_draft draft;  // a member that is null is an empty text: there is no person without one
  std::vector<base::field_error> wrong;  // members of a wrong type, unknown ones, and ones that came twice
};

// malformed: not one JSON object in UTF-8, or nested too deeply. `age` may be a number or text.
base::result<parsed_details> parse_details(std::string_view json);

// `wrong` and what the domain says of the other members, as one error; every member is needed when
// `creating`.
base::error all_errors(const parsed_details& parsed, bool creating);

}  // namespace dossier::web
