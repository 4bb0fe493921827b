#include "stores/sql/search/set_walk.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

#include "base/expects.h"
#include "domain/field.h"
#include "stores/sql/query.h"
#include "stores/sql/rows.h"
#include "stores/sql/search/people_set.h"
#include "stores/sql/search/search_terms.h"

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

namespace {

const domain::field* field_of(people_sort sort) {
  const auto detail = domain::detail_of(sort);
  return detail ? &domain::detail_fields()[*detail] : nullptr;
}

}  // namespace

people_order order_of(people_sort sort, bool backwards) {
  if (sort == people_sort::newest) return {.column = "", .descending = !backwards};
  const auto detail = domain::detail_of(sort);
  if (!detail) return {.column = "", .descending = backwards};
  if (is_by_number(sort)) {
    return {.column = "p." + std::string(domain::detail_fields()[*detail].name), .descending = backwards};
  }
  return {.column = "p." + folded_column(*detail), .descending = backwards};
}

bool is_by_number(people_sort sort) {
  const auto* field = field_of(sort);
  return field != nullptr && field->kind == domain::field_kind::whole_number;
}

parameter key_of(const query& row, int column, people_sort sort) {
  if (is_by_number(sort)) return row.integer(column);
  return row.string(column);
}

std::optional<position> position_of(const std::optional<domain::people_cursor>& cursor) {
  if (!cursor) return std::nullopt;
  position at{.key = cursor->key, .id = cursor->id};
  if (is_by_number(cursor->sort)) {
    std::int64_t number = 0;
    std::from_chars(cursor->key.data(), cursor->key.data() + cursor->key.size(), number);
    at.key = number;
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
    : on_(on), sort_(sort), way_(order_of(sort, backwards)), at_(std::move(from)) {
  base::expects(!at_ || std::holds_alternative<std::int64_t>(at_->key) == is_by_number(sort_),
                "a position is one in this order");
}

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
    if (!way_.column.empty()) here.key = key_of(rows, 1, sort_);
    into.push_back(std::move(here));
  }
}

namespace {

// The first slice usually fills a page.
constexpr std::size_t first_slice = 32;
// Groups are read until they have this many people of the set.
constexpr std::size_t members_at_once = 256;
constexpr std::size_t walked_at_once = 4'096;

std::int64_t number_in(const std::string& term) {
  std::int64_t number = 0;
  std::from_chars(term.data() + 1, term.data() + term.size(), number);
  return number;
}

}  // namespace

set_walk::set_walk(connection& on, const people_set& members, settings how, taker take)
    : on_(on),
      members_(members),
      how_(std::move(how)),
      field_(field_of(how_.sort)),
      descending_(order_of(how_.sort, how_.backwards).descending),
      take_(std::move(take)) {
  base::expects(static_cast<bool>(take_), "somebody takes the people");
  base::expects(!how_.from || std::holds_alternative<std::int64_t>(how_.from->key) == is_by_number(how_.sort),
                "a position is one in this order");
}

void set_walk::run() {
  if (members_.empty()) return;
  if (field_ == nullptr) {
    by_id();
  } else if (members_.count() <= how_.few) {
    take_sorted(members_.ids());
  } else if (is_by_number(how_.sort)) {
    by_number();
  } else {
    by_text("", 0);
  }
}

bool set_walk::take(std::span<const std::int64_t> some) {
  while (!some.empty()) {
    const auto slice = some.first(std::min(some.size(), taken_ == 0 ? first_slice : most_in_list));
    taken_ += slice.size();
    if (!take_(slice)) return false;
    some = some.subspan(slice.size());
  }
  return true;
}

bool set_walk::by_id() {
  auto at = descending_ ? std::numeric_limits<std::int64_t>::max() : std::numeric_limits<std::int64_t>::min();
  if (how_.from) at = how_.from->id;
  for (;;) {
    const auto some = descending_ ? members_.before(at, most_in_list) : members_.after(at, most_in_list);
    if (some.empty()) return true;
    if (!take(some)) return false;
    at = some.back();
  }
}

bool set_walk::is_beyond(const parameter& key, std::int64_t id) const {
  if (!how_.from) return true;
  const std::pair here(key, id);
  const std::pair from(how_.from->key, how_.from->id);
  return descending_ ? here < from : here > from;
}

// Takes these people, who all have this key.
bool set_walk::take_equal(const parameter& key, ids some) {
  std::erase_if(some, [&](std::int64_t id) { return !is_beyond(key, id); });
  if (descending_) std::ranges::reverse(some);
  return take(some);
}

bool set_walk::take_sorted(const ids& some) {
  std::vector<std::pair<parameter, std::int64_t>> keyed;
  const std::string sql =
      "SELECT p.id, " + order_of(how_.sort, how_.backwards).column + " FROM person p WHERE p.id";
  in_lists(std::span<const std::int64_t>(some), [&](std::span<const std::int64_t> part) {
    query rows(on_, among(sql, part.size()));
    add_all(rows, part);
    while (rows.next()) {
      auto key = key_of(rows, 1, how_.sort);
      if (is_beyond(key, rows.integer(0))) keyed.emplace_back(std::move(key), rows.integer(0));
    }
  });
  std::ranges::sort(keyed);
  if (descending_) std::ranges::reverse(keyed);
  ids sorted;
  for (const auto& [key, id] : keyed) sorted.push_back(id);
  return take(sorted);
}

// Reads the next groups of members, one for each term, in order, and removes what it has read from the range.
std::vector<set_walk::group> set_walk::next_groups(term_range& left) {
  std::vector<group> groups;
  std::size_t members = 0;
  query rows(
      on_,
      std::string("SELECT term, block, people FROM search_posting WHERE term >= ? AND term < ? ORDER BY ") +
          (descending_ ? "term DESC, block DESC" : "term, block"));
  rows.add(left.from).add(left.to);
  while (rows.next()) {
    const auto term = rows.text(0);
    if (groups.empty() || groups.back().term != term) {
      if (members >= members_at_once) return groups;
      // An empty group only says how far the reading has come.
      if (!groups.empty() && groups.back().ids.empty()) groups.pop_back();
      groups.push_back({.term = std::string(term), .ids = {}});
      (descending_ ? left.to : left.from) = descending_ ? std::string(term) : std::string(term) + '\x01';
    }
    const auto* mine = members_.find_block(rows.integer(1));
    if (mine == nullptr) continue;
    people_block common(rows.bytes(2));
    common.keep_common(*mine);
    const auto first = rows.integer(1) << block_bits;
    common.each([&](std::uint16_t place) { groups.back().ids.push_back(first | place); });
    members += common.count();
  }
  left.from = left.to;
  return groups;
}

bool set_walk::by_number() {
  const char kind = number_kind(*field_);
  auto left = range_of_numbers(kind, 0, 999);
  if (how_.from) {
    const auto from = std::get<std::int64_t>(how_.from->key);
    const auto at = range_of_numbers(kind, from, from);
    (descending_ ? left.to : left.from) = descending_ ? at.to : at.from;
  }
  while (left.from < left.to) {
    for (auto& one : next_groups(left)) {
      std::ranges::sort(one.ids);
      if (!take_equal(number_in(one.term), std::move(one.ids))) return false;
    }
  }
  return true;
}

bool set_walk::by_text(const std::string& beginning, std::size_t level) {
  const auto all = order_term(field_->order_term, level, beginning);
  term_range left{.from = all, .to = end_of_range(all)};
  if (how_.from) {
    const auto& key = std::get<std::string>(how_.from->key);
    const auto at = order_term(field_->order_term, level, order_at(level, key));
    if (descending_) {
      left.to = std::min(left.to, end_of_range(at));
    } else {
      left.from = std::max(left.from, at);
    }
  }
  while (left.from < left.to) {
    for (auto& one : next_groups(left)) {
      std::ranges::sort(one.ids);
      if (!one.ids.empty() && !take_texts(one, level)) return false;
    }
  }
  return true;
}

bool set_walk::take_texts(const group& one, std::size_t level) {
  const std::string beginning(beginning_of(one.term));
  if (is_whole_text(beginning)) return take_equal(beginning.substr(0, beginning.size() - 1), one.ids);
  if (one.ids.size() <= how_.few) return take_sorted(one.ids);
  if (level + 1 < order_levels) return by_text(beginning, level + 1);
  return take_walking(beginning);
}

// Used when too many people have this beginning to sort them, and the index has no longer beginnings.
bool set_walk::take_walking(const std::string& beginning) {
  const auto end = end_of_range(beginning);
  position start = descending_ ? position{.key = end, .id = 0} : position{.key = beginning, .id = -1};
  if (how_.from && !is_beyond(start.key, start.id)) start = *how_.from;
  order_walk walk(on_, how_.sort, how_.backwards, start);
  for (;;) {
    ids members;
    const auto some = walk.next(walked_at_once);
    for (const auto& [key, id] : some) {
      if (!std::get<std::string>(key).starts_with(beginning)) return take(members);
      if (members_.contains(id)) members.push_back(id);
    }
    if (!take(members)) return false;
    if (some.size() < walked_at_once) return true;
  }
}

}  // namespace dossier::stores::sql
