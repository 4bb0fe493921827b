#include "domain/origin_rules.h"

#include <utility>

#include <fmt/format.h>

#include "base/expects.h"
#include "base/sha256.h"
#include "base/text.h"
#include "domain/validation.h"

namespace dossier::domain {
namespace {

// Names are compared as Dossier would keep them: without white space around them, otherwise exactly.
std::string_view comparable(std::string_view name) {
  return base::is_valid_utf8(name) ? base::trim(name) : name;
}

std::optional<person_id> id_of(std::string_view text) {
  // Digits only: parse_id() would also take "#7", which people type.
  if (text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  const auto number = parse_id(text);
  return number ? std::optional(person_id{*number}) : std::nullopt;
}

}  // namespace

std::variant<importable_person, std::vector<origin_problem>> check_person(const origin_person& row) {
  std::vector<origin_problem> problems;
  const auto id = id_of(row.id);
  if (!id) problems.push_back({"id", row.id, "Numbers of people begin at 1"});
  auto checked = validate(row.details);
  if (!checked) {
    for (auto& wrong : checked.error().fields) {
      const auto field = find_detail(wrong.field);
      auto typed = field ? row.details[*field] : std::nullopt;
      problems.push_back({std::move(wrong.field), std::move(typed), std::move(wrong.message)});
    }
  }
  if (!problems.empty()) return problems;
  return importable_person{*id, std::move(*checked)};
}

bool is_origin_key(std::string_view key) {
  return key.starts_with("file-id-");
}

idempotency_key import_key(person_id id) {
  base::expects(id.value > 0, "people are numbered from 1");
  return {std::string(import_scope), fmt::format("person/{}", id.value)};
}

// Hashed, because a key in S3 may be longer than an idempotency key.
idempotency_key import_key(const origin_object& object) {
  base::expects(!object.source.empty(), "an object of the origin has a source");
  base::sha256 hash;
  hash.update(object.source);
  return {std::string(import_scope), "file/" + base::to_hex(hash.finish())};
}

std::string_view to_string(file_obstacle why) {
  switch (why) {
    case file_obstacle::no_item:
      return "no_item";
    case file_obstacle::unknown_author:
      return "unknown_author";
    case file_obstacle::several_people:
      return "several_people";
    case file_obstacle::person_left_out:
      return "person_left_out";
    case file_obstacle::person_gone:
      return "person_gone";
    case file_obstacle::too_large:
      return "too_large";
    case file_obstacle::person_full:
      return "person_full";
    case file_obstacle::vanished:
      return "vanished";
  }
  base::not_reached();
}

void people_by_name::add(const origin_person& row, standing how) {
  base::expects(how != standing::here || id_of(row.id), "a person who is here has a number");
  const auto& name = row.details[name_field];
  if (!name) return;
  auto& one = names_[std::string(comparable(*name))];
  one.ids.push_back(row.id);
  one.how = how;
}

people_by_name::match people_by_name::find(const std::optional<std::string>& author) const {
  if (!author) return {file_obstacle::no_item, {}};
  const auto found = names_.find(comparable(*author));
  if (found == names_.end() || found->first.empty()) return {file_obstacle::unknown_author, {}};
  const auto& [ids, how] = found->second;
  if (ids.size() > 1) return {file_obstacle::several_people, ids};
  if (how == standing::left_out) return {file_obstacle::person_left_out, ids};
  if (how == standing::gone) return {file_obstacle::person_gone, ids};
  return {*id_of(ids.front()), ids};
}

}  // namespace dossier::domain
