// Parts of pages that are made from the table of fields: the inputs of a form, and a person's details.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/result.h"
#include "domain/validation.h"
#include "domain/values.h"
#include "web/context.h"
#include "web/pages/page.h"

namespace dossier::web {

// Values that other people have, offered while somebody types: for each of detail_fields(), empty for those
// without suggestions.
using suggestions = std::vector<std::vector<std::string>>;
// Suggestions that cannot be read are left out: a form works without them.
awaitable<suggestions> read_suggestions(const context& ctx);
// Repeats {{#SUGGESTION}} for each, with VALUE.
void fill_suggestions(view into, const suggestions& all, std::size_t field);

// The inputs of a form, {{#FIELD}}.
struct field_inputs {
  const domain::details_draft& typed;
  const suggestions& offered;
  const std::optional<base::error>& problem;  // its errors are shown beside the fields
  // When details are edited: what is stored. It is shown in the fields that nobody typed in. If the record
  // was changed meanwhile (`stale`), it is also shown beside the fields in which something else was typed.
  const domain::details* stored = nullptr;
  bool stale = false;
};
void fill_inputs(view form, const field_inputs& inputs);

// Repeats {{#DETAIL}} for each detail except the name and those that were left empty, with LABEL and VALUE:
// as a text, as a number, or as a detail that links to people who have the same.
void fill_detail_list(view into, const domain::details& what);

}  // namespace dossier::web
