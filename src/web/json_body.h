// Reads a person's details from a JSON object that a client sent: flat, limited, checked member by member.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "domain/validation.h"

namespace dossier::web {

struct parsed_details {
  domain::details_draft draft;           // a member that is null counts as an empty text
  std::vector<base::field_error> wrong;  // members of a wrong type, unknown, or sent twice
  std::vector<std::string> read_only;    // the read-only members that were sent
};

// malformed: not one JSON object in UTF-8, or nested too deeply. A number may come as a number or as text.
// `read_only` names members that are accepted with any value, although they are not details.
base::result<parsed_details> parse_details(std::string_view json,
                                           std::span<const std::string_view> read_only = {});

// The members in `read_only` that differ between `sent` and `current`. Both texts must be JSON objects that
// have these members, and parse_details() must have accepted `sent`.
std::vector<std::string> members_that_differ(std::string_view sent, std::string_view current,
                                             std::span<const std::string> read_only);

// One error with `wrong` and with what the domain finds wrong in the other members. When `creating`, members
// that were not sent are checked too.
base::error all_errors(const parsed_details& parsed, bool creating);

}  // namespace dossier::web
