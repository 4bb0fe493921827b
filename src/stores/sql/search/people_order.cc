#include "stores/sql/search/people_order.h"

#include <charconv>
#include <utility>

#include "stores/sql/query.h"

namespace dossier::stores::sql {

using domain::people_sort;

std::string people_order::by() const {
  const std::string way = descending ? " DESC" : "";
  return " ORDER BY " + (column.empty() ? "" : column + way + ", ") + "p.id" + way;
}

std::string people_order::by_id() const {
  return descending ? " ORDER BY p.id DESC" : " ORDER BY p.id";
}

std::string people_order::beyond(const std::string& what) const {
  return what + (descending ? " < ?" : " > ?");
}

people_order order_of(people_sort sort, bool backwards) {
  switch (sort) {
    case people_sort::newest:
      return {.column = "", .descending = !backwards};
    case people_sort::oldest:
      return {.column = "", .descending = backwards};
    case people_sort::name:
      return {.column = "p.folded_name", .descending = backwards};
    case people_sort::age:
      return {.column = "p.age", .descending = backwards};
  }
  std::unreachable();
}

std::optional<position> position_of(const std::optional<domain::people_cursor>& cursor) {
  if (!cursor) return std::nullopt;
  position at{.key = cursor->key, .id = cursor->id};
  if (cursor->sort == people_sort::age) {
    std::int64_t age = 0;
    std::from_chars(cursor->key.data(), cursor->key.data() + cursor->key.size(), age);
    at.key = age;
  }
  return at;
}

std::vector<stretch> stretches_from(const people_order& way, const std::optional<position>& from) {
  if (!from) return {{.condition = "", .values = {}, .order_by = way.by()}};
  if (way.column.empty()) {
    return {{.condition = way.beyond("p.id"), .values = {from->id}, .order_by = way.by()}};
  }
  return {{.condition = way.column + " = ? AND " + way.beyond("p.id"),
           .values = {from->key, from->id},
           .order_by = way.by_id()},
          {.condition = way.beyond(way.column), .values = {from->key}, .order_by = way.by()}};
}

order_walk::order_walk(connection& on, people_sort sort, bool backwards, std::optional<position> from)
    : on_(on), sort_(sort), way_(order_of(sort, backwards)), at_(std::move(from)) {}

std::vector<position> order_walk::next(std::size_t most) {
  std::vector<position> found;
  for (const auto& part : stretches_from(way_, at_)) {
    if (found.size() < most) read(part, most - found.size(), found);
  }
  if (!found.empty()) at_ = found.back();
  return found;
}

void order_walk::read(const stretch& part, std::size_t most, std::vector<position>& into) {
  query rows(on_, "SELECT p.id, " + (way_.column.empty() ? "0" : way_.column) + " FROM person p" +
                      (part.condition.empty() ? "" : " WHERE " + part.condition) + part.order_by +
                      " LIMIT ?");
  add_values(rows, part.values);
  rows.add(most);
  while (rows.next()) {
    position here{.key = std::string(), .id = rows.integer(0)};
    if (sort_ == people_sort::name) here.key = rows.string(1);
    if (sort_ == people_sort::age) here.key = rows.integer(1);
    into.push_back(std::move(here));
  }
}

}  // namespace dossier::stores::sql
