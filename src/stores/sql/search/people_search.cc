#include "stores/sql/search/people_search.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <span>
#include <tuple>
#include <utility>

#include "base/expects.h"
#include "stores/sql/query.h"
#include "stores/sql/rows.h"
#include "stores/sql/search/people_filter.h"
#include "stores/sql/search/people_set.h"
#include "stores/sql/search/set_walk.h"

namespace dossier::stores::sql {
namespace {

using domain::people_cursor;
using domain::people_page;
using domain::people_query;

struct found_person {
  domain::person who;
  parameter key;  // in the order asked for; empty where that is the order of the ids
};
using people = std::vector<found_person>;

class search {
 public:
  search(connection& on, const people_query& what, const search_plan& plan,
         const std::vector<people_filter>& filters)
      : on_(on),
        what_(what),
        plan_(plan),
        filters_(filters),
        backwards_(what.cursor && what.cursor->backwards),
        way_(order_of(what.sort, backwards_)),
        from_(position_of(what.cursor)),
        select_("SELECT " + person_columns() + (way_.column.empty() ? "" : ", " + way_.column) + " FROM "),
        wanted_(static_cast<std::size_t>(std::clamp(what.limit, 1, 100)) + 1) {}

  people_page run();

 private:
  std::optional<people> look_at_first();
  people find_in_index();
  people_set members() const;
  people find_in_order(const std::string& whom, bool checked);
  void read_checked(std::span<const std::int64_t> ids, const char* condition, people& into);
  std::string checks(const char* link) const;
  void add_checked_values(query& to) const;
  people merge(people indexed, people pending) const;
  people_page page_of(people found, bool more);
  people_cursor edge(const found_person& at, bool backwards) const;
  found_person read(const query& row) const;

  connection& on_;
  const people_query& what_;
  const search_plan& plan_;
  const std::vector<people_filter>& filters_;
  const bool backwards_;
  const people_order way_;
  const std::optional<position> from_;
  const std::string select_;  // of a person, and their key
  const std::size_t wanted_;  // one more than the page has, which says whether there are more
};

people_page search::run() {
  people found;
  if (filters_.empty()) {
    found = find_in_order("person p", false);
  } else if (auto first = look_at_first()) {
    found = std::move(*first);
  } else {
    found = merge(find_in_index(),
                  find_in_order("(SELECT id FROM person /*by pending*/ WHERE pending = 1) waiting "
                                "CROSS JOIN person p ON p.id = waiting.id",
                                true));
  }
  const bool more = found.size() == wanted_;
  if (more) found.pop_back();
  if (backwards_) std::ranges::reverse(found);
  return page_of(std::move(found), more);
}

// Empty when the page is still not full and there are more people to look at.
std::optional<people> search::look_at_first() {
  people found;
  order_walk walk(on_, what_.sort, backwards_, from_);
  for (std::size_t looked = 0; looked < plan_.looked_at_first;) {
    const auto some = walk.next(looked == 0 ? 32 : most_in_list);
    std::vector<std::int64_t> ids;
    for (const auto& one : some) ids.push_back(one.id);
    read_checked(ids, "", found);
    if (found.size() >= wanted_ || some.size() < (looked == 0 ? 32 : most_in_list)) {
      found.resize(std::min(found.size(), wanted_));
      return found;
    }
    looked += some.size();
  }
  return std::nullopt;
}

// Finds people whose index entries are up to date. Each row is checked again, because a node of the previous
// version may have changed it since.
people search::find_in_index() {
  const auto all = members();
  people found;
  set_walk walk(on_, all, {.sort = what_.sort, .backwards = backwards_, .from = from_, .few = plan_.sorted},
                [&](std::span<const std::int64_t> some) {
                  read_checked(some, " AND COALESCE(p.pending, 1) = 0", found);
                  return found.size() < wanted_;
                });
  walk.run();
  return found;
}

people_set search::members() const {
  base::expects(!filters_.empty(), "the index is asked for people who match a filter");
  people_set all;
  for (const auto& one : filters_) {
    people_set some;
    for (const auto& range : one.terms) load_people(on_, range, some);
    if (&one == &filters_.front()) {
      all = std::move(some);
    } else {
      all.keep_common(some);
    }
    if (all.count() <= plan_.few) break;
  }
  return all;
}

std::string search::checks(const char* link) const {
  std::string sql;
  for (const auto& one : filters_) sql += std::exchange(link, " AND ") + one.check;
  return sql;
}

void search::add_checked_values(query& to) const {
  for (const auto& one : filters_) add_values(to, one.values);
}

// Adds those of these people who match all filters, in the order of `ids`.
void search::read_checked(std::span<const std::int64_t> ids, const char* condition, people& into) {
  in_lists(ids, [&](std::span<const std::int64_t> some) {
    people met;
    query rows(on_, among(select_ + "person p WHERE " + checks("") + condition + " AND p.id", some.size()));
    add_checked_values(rows);
    add_all(rows, some);
    while (rows.next()) met.push_back(read(rows));
    for (const auto id : some) {
      const auto at = std::ranges::find(met, id, [](const found_person& one) { return one.who.id.value; });
      if (at != met.end()) into.push_back(std::move(*at));
    }
  });
}

people search::find_in_order(const std::string& whom, bool checked) {
  people found;
  for (const auto& part : stretches_from(way_, from_)) {
    if (found.size() >= wanted_) break;
    std::string sql = select_ + whom + (checked ? checks(" WHERE ") : "");
    if (!part.condition.empty()) sql += (checked ? " AND " : " WHERE ") + part.condition;
    query rows(on_, sql + part.order_by + " LIMIT ?");
    if (checked) add_checked_values(rows);
    add_values(rows, part.values);
    rows.add(wanted_ - found.size());
    while (rows.next()) found.push_back(read(rows));
  }
  return found;
}

people search::merge(people indexed, people pending) const {
  const auto place = [](const found_person& one) {
    return std::tie(one.key, one.who.id.value);
  };
  people both;
  std::ranges::merge(std::make_move_iterator(indexed.begin()), std::make_move_iterator(indexed.end()),
                     std::make_move_iterator(pending.begin()), std::make_move_iterator(pending.end()),
                     std::back_inserter(both), [&](const found_person& a, const found_person& b) {
                       return way_.descending ? place(a) > place(b) : place(a) < place(b);
                     });
  both.resize(std::min(both.size(), wanted_));
  return both;
}

people_cursor search::edge(const found_person& at, bool backwards) const {
  people_cursor cursor{.sort = what_.sort, .backwards = backwards, .key = "", .id = at.who.id.value};
  if (const auto* number = std::get_if<std::int64_t>(&at.key)) cursor.key = std::to_string(*number);
  if (const auto* text = std::get_if<std::string>(&at.key)) cursor.key = *text;
  return cursor;
}

found_person search::read(const query& row) const {
  return {read_person(row, 0),
          way_.column.empty() ? parameter(std::string()) : key_of(row, count_person_columns(), what_.sort)};
}

people_page search::page_of(people found, bool more) {
  people_page page;
  if (!found.empty()) {
    // The page that the caller came from had people on it, at least at that time.
    if (backwards_ || more) page.next = edge(found.back(), false);
    if (backwards_ ? more : what_.cursor.has_value()) page.previous = edge(found.front(), true);
  }
  std::vector<domain::person*> owners;
  for (auto& one : found) page.items.push_back(std::move(one.who));
  for (auto& who : page.items) owners.push_back(&who);
  load_files(on_, owners);
  return page;
}

}  // namespace

base::result<people_page> search_people(connection& on, const people_query& what, const search_plan& plan) {
  if (what.cursor && what.cursor->sort != what.sort) {
    return base::fail(base::error_code::invalid,
                      "This page belongs to another order. Start from the first page.");
  }
  if (asks_for_nobody(what)) return people_page{};
  const auto filters = filters_of(what);
  if (!filters) return std::unexpected(filters.error());
  auto page = search(on, what, plan, *filters).run();
  if (!page.items.empty() || !what.cursor || !what.cursor->backwards) return page;
  // Nobody is left before that position: answers the first page instead of an empty one.
  auto first = what;
  first.cursor.reset();
  return search(on, first, plan, *filters).run();
}

}  // namespace dossier::stores::sql
