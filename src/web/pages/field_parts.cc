#include "web/pages/field_parts.h"

#include <algorithm>

#include "base/characters.h"
#include "base/expects.h"
#include "domain/field.h"

namespace dossier::web {
namespace {

using domain::field_kind;

const base::field_error* find_error(const std::optional<base::error>& problem, std::string_view field) {
  if (!problem) return nullptr;
  const auto found = std::ranges::find(problem->fields, field, &base::field_error::field);
  return found == problem->fields.end() ? nullptr : &*found;
}

std::string what_is_missing(const domain::field& which) {
  if (which.kind == field_kind::whole_number) return domain::enter_a_number(which);
  return "Enter the " + std::string(which.noun);
}

void fill_attributes(view input, const domain::field& which) {
  input.set("NAME", which.name);
  input.set("LABEL", which.label);
  input.set("AUTOCOMPLETE", which.autocomplete);
  if (which.required) {
    input.show("REQUIRED");
    input.set_and_show("MISSING", what_is_missing(which), "WHEN_MISSING");
  }
  if (which.kind == field_kind::whole_number) {
    auto number = input.add("NUMBER");
    number.set("PATTERN", which.pattern);
    input.show("SHORT");
    input.set_and_show("MISMATCH", what_is_missing(which), "WHEN_WRONG");
  } else {
    // A browser counts in units of UTF-16, of which a character has one or two.
    input.add("TEXT").set("MAXLENGTH", std::int64_t{2} * which.most);
  }
  if (which.capitalized) input.show("CAPITALIZED");
  if (!which.spelled) input.show("NOT_SPELLED");
}

void fill_error(view input, const domain::field& which, const base::field_error* wrong) {
  if (!which.hint.empty()) input.set_and_show("HINT", which.hint, "WITH_HINT");
  if (wrong == nullptr) {
    if (!which.hint.empty()) input.show("HINT_ALONE");
    return;
  }
  input.show("WRONG");
  input.set_and_show("MESSAGE", wrong->message, "ERROR");
  input.show(which.hint.empty() ? "ERROR_ALONE" : "HINT_AND_ERROR");
}

}  // namespace

awaitable<suggestions> read_suggestions(const context& ctx) {
  const auto fields = domain::detail_fields();
  suggestions all(fields.size());
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].suggestions.empty()) continue;
    auto some = co_await ctx.people.recent_values(i);
    if (some) all[i] = std::move(*some);
  }
  co_return all;
}

void fill_suggestions(view into, const suggestions& all, std::size_t field) {
  if (field >= all.size()) return;
  for (const auto& value : all[field]) into.add("SUGGESTION").set("VALUE", value);
}

void fill_inputs(view form, const field_inputs& inputs) {
  base::expects(!inputs.stale || inputs.stored != nullptr, "a stale form knows what is stored");
  const auto fields = domain::detail_fields();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const auto& field = fields[i];
    const auto& typed = inputs.typed[i];
    auto input = form.add("FIELD");
    fill_attributes(input, field);
    fill_error(input, field, find_error(inputs.problem, field.name));
    input.set("VALUE", typed ? *typed : inputs.stored != nullptr ? (*inputs.stored)[i] : std::string());
    if (!field.suggestions.empty()) {
      input.set_and_show("LIST", field.suggestions, "SUGGESTED");
      auto list = input.add("SUGGESTIONS");
      list.set("LIST", field.suggestions);
      fill_suggestions(list, inputs.offered, i);
    }
    if (inputs.stale && typed && *typed != (*inputs.stored)[i]) {
      input.show("DIFFERS");
      input.set_and_show("STORED", base::contained((*inputs.stored)[i]), "CHANGED");
    }
  }
}

void fill_detail_list(view into, const domain::details& what) {
  const auto fields = domain::detail_fields();
  for (std::size_t i = domain::name_field + 1; i < fields.size(); ++i) {
    if (what[i].empty()) continue;
    auto detail = into.add("DETAIL");
    detail.set("LABEL", fields[i].label);
    if (fields[i].kind == field_kind::whole_number) {
      detail.set_and_show("VALUE", what[i], "NUMBER");
    } else {
      detail.set_and_show("VALUE", base::contained(what[i]), fields[i].links_to_same ? "LINKED" : "TEXT");
    }
  }
}

}  // namespace dossier::web
