// A person's details as a JSON object from outside: one flat object, limited, checked member by member.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "domain/validation.h"

namespace dossier::web {

struct parsed_details {
  domain::details_draft draft;  // a member that is null is an empty text: there is no person without one
  std::vector<base::field_error> wrong;  // members of a wrong type, unknown ones, and ones that came twice
  std::vector<std::string> read_only;    // those of the members that may come but not change that came
};

// malformed: not one JSON object in UTF-8, or nested too deeply. `age` may be a number or text.
// `read_only` are the members that may come though they are no details, with whatever they hold.
base::result<parsed_details> parse_details(std::string_view json,
                                           std::span<const std::string_view> read_only = {});

// Those of the read-only members in `sent` that differ from the same members of `current`, both as JSON
// objects that were parsed before.
std::vector<std::string> members_that_differ(std::string_view sent, std::string_view current,
                                             std::span<const std::string> read_only);

// `wrong` and what the domain says of the other members, as one error; every member is needed when
// `creating`.
base::error all_errors(const parsed_details& parsed, bool creating);

}  // namespace dossier::web
