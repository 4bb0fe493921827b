#include "stores/sql/people_search.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/text.h"
#include "base/text_policy.h"
#include "stores/sql/people_filter.h"
#include "stores/sql/rows.h"

namespace dossier::stores::sql {
namespace {

using domain::people_cursor;
using domain::people_page;
using domain::people_query;
using domain::people_sort;

constexpr int name_column = person_columns;
constexpr int files_column = person_columns + 1;

struct found_person {
  domain::person who;
  std::string folded_name;
  bool has_files = false;
};

// The order asked for, and the direction it is read in.
struct order {
  std::string column;  // before the id; empty when the order is that of the ids
  bool descending = false;

  std::string by() const {
    const std::string way = descending ? " DESC" : "";
    return " ORDER BY " + (column.empty() ? "" : column + way + ", ") + "p.id" + way;
  }
  std::string by_id() const { return descending ? " ORDER BY p.id DESC" : " ORDER BY p.id"; }
  std::string beyond(const std::string& what) const { return what + (descending ? " < ?" : " > ?"); }
};

order order_of(people_sort sort, bool backwards) {
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

class search {
 public:
  search(connection& on, const people_query& what, std::vector<people_filter> filters)
      : on_(on), what_(what), filters_(std::move(filters)) {}

  base::result<people_page> run();

 private:
  // A stretch of the order: all of it, what lies at a cursor's key, or what lies beyond.
  struct stretch {
    std::string condition;
    std::vector<parameter> values;
    std::string order_by;
    bool at_key = false;
  };

  void choose_start();
  base::result<std::vector<stretch>> stretches(const order& way) const;
  void read_stretch(const stretch& part, std::size_t limit, std::vector<found_person>& into);
  std::string statement_for(const stretch& part) const;
  bool may_use_index(const people_filter& one, const stretch& part) const;
  people_page page_of(std::vector<found_person> found, bool more) const;
  void add_files(std::vector<found_person>& found);
  people_cursor edge(const found_person& at, bool backwards) const;

  connection& on_;
  const people_query& what_;
  std::vector<people_filter> filters_;
  std::optional<std::size_t> start_;  // the filter with few people
};

base::result<people_page> search::run() {
  const bool backwards = what_.cursor && what_.cursor->backwards;
  const auto parts = stretches(order_of(what_.sort, backwards));
  if (!parts) return std::unexpected(parts.error());
  choose_start();
  const auto limit = static_cast<std::size_t>(std::clamp(what_.limit, 1, 100));
  std::vector<found_person> found;
  for (const auto& part : *parts) {
    if (found.size() <= limit) read_stretch(part, limit + 1 - found.size(), found);
  }
  const bool more = found.size() > limit;
  if (more) found.resize(limit);
  if (backwards) std::ranges::reverse(found);
  add_files(found);
  return page_of(std::move(found), more);
}

void search::choose_start() {
  // The only filter has an index in the order asked for: nothing to choose.
  if (filters_.size() == 1 && may_use_index(filters_.front(), {})) return;
  std::int64_t fewest = few;
  for (std::size_t i = 0; i < filters_.size() && fewest > 0; ++i) {
    const auto count = count_up_to_few(on_, filters_[i]);
    if (count >= fewest) continue;
    fewest = count;
    start_ = i;
  }
}

base::result<std::vector<search::stretch>> search::stretches(const order& way) const {
  if (!what_.cursor) return std::vector<stretch>{{.condition = "", .values = {}, .order_by = way.by()}};
  const auto& cursor = *what_.cursor;
  if (cursor.sort != what_.sort) {
    return base::fail(base::error_code::invalid,
                      "This page belongs to another order. Start from the first page.");
  }
  if (way.column.empty()) {
    return std::vector<stretch>{
        {.condition = way.beyond("p.id"), .values = {cursor.id}, .order_by = way.by()}};
  }
  parameter key = cursor.key;
  if (what_.sort == people_sort::age) {
    std::int64_t age = 0;
    std::from_chars(cursor.key.data(), cursor.key.data() + cursor.key.size(), age);
    key = age;
  }
  // Two ranges of one index each, instead of one condition over both that databases walk in part.
  return std::vector<stretch>{{.condition = way.column + " = ? AND " + way.beyond("p.id"),
                               .values = {key, cursor.id},
                               .order_by = way.by_id(),
                               .at_key = true},
                              {.condition = way.beyond(way.column), .values = {key}, .order_by = way.by()}};
}

// When walking: an index that is itself in the order asked for.
bool search::may_use_index(const people_filter& one, const stretch& part) const {
  if (start_ || part.at_key || one.natural.empty()) return false;
  if (what_.sort == people_sort::age) return one.what == people_filter::kind::age;
  if (what_.sort == people_sort::name || one.what == people_filter::kind::age) return false;
  const auto first = std::ranges::find_if(filters_, [](const people_filter& other) {
    return !other.natural.empty() && other.what != people_filter::kind::age;
  });
  return &*first == &one;
}

std::string search::statement_for(const stretch& part) const {
  std::string sql = "SELECT " DOSSIER_PERSON_COLUMNS ", p.folded_name, p.has_files FROM ";
  if (start_) {
    sql += "(" + filters_[*start_].ids + ") start CROSS JOIN person p ON p.id = start.id";
  } else {
    sql += "person p";
  }
  const char* link = " WHERE ";
  for (std::size_t i = 0; i < filters_.size(); ++i) {
    if (i == start_) continue;
    sql += link + (may_use_index(filters_[i], part) ? filters_[i].natural : filters_[i].check);
    link = " AND ";
  }
  if (!part.condition.empty()) sql += link + part.condition;
  return sql + part.order_by + " LIMIT ?";
}

void search::read_stretch(const stretch& part, std::size_t limit, std::vector<found_person>& into) {
  query rows(on_, statement_for(part));
  const auto add = [&](const std::vector<parameter>& values) {
    for (const auto& value : values) std::visit([&](const auto& v) { rows.add(v); }, value);
  };
  if (start_) add(filters_[*start_].ids_values);
  for (std::size_t i = 0; i < filters_.size(); ++i) {
    if (i != start_) add(filters_[i].values);
  }
  add(part.values);
  rows.add(limit);
  while (rows.next())
    into.push_back({read_person(rows, 0), rows.string(name_column), rows.truth(files_column)});
}

// One statement for all of the page's files; its shapes are few, so that each stays prepared.
void search::add_files(std::vector<found_person>& found) {
  std::vector<found_person*> owners;
  for (auto& one : found) {
    if (one.has_files) owners.push_back(&one);
  }
  if (owners.empty()) return;
  const std::size_t shape = owners.size() <= 5 ? 5 : owners.size() <= 20 ? 20 : 100;
  std::string sql = "SELECT " DOSSIER_FILE_COLUMNS " FROM file f WHERE f.person_id IN (?";
  for (std::size_t i = 1; i < shape; ++i) sql += ",?";
  query rows(on_, sql + ") ORDER BY f.person_id, f.id");
  for (const auto* one : owners) rows.add(one->who.id);
  for (std::size_t i = owners.size(); i < shape; ++i) rows.add(0);
  while (rows.next()) {
    auto one = read_file(rows, 0);
    const auto owner = std::ranges::find(owners, one.person, [](const found_person* p) { return p->who.id; });
    if (owner != owners.end()) (*owner)->who.files.push_back(std::move(one));
  }
}

people_cursor search::edge(const found_person& at, bool backwards) const {
  people_cursor cursor{.sort = what_.sort, .backwards = backwards, .key = "", .id = at.who.id.value};
  if (what_.sort == people_sort::name) cursor.key = at.folded_name;
  if (what_.sort == people_sort::age) cursor.key = std::to_string(at.who.details.age);
  return cursor;
}

people_page search::page_of(std::vector<found_person> found, bool more) const {
  people_page page;
  if (!found.empty()) {
    const bool backwards = what_.cursor && what_.cursor->backwards;
    // Where the page was come from there was somebody, at least when it was asked for.
    if (backwards || more) page.next = edge(found.back(), false);
    if (backwards ? more : what_.cursor.has_value()) page.previous = edge(found.front(), true);
  }
  for (auto& one : found) page.items.push_back(std::move(one.who));
  return page;
}

}  // namespace

base::result<people_page> search_people(connection& on, const people_query& what) {
  if (!base::trim(what.words).empty() && base::query_words(what.words).empty()) return people_page{};
  auto filters = filters_of(what);
  if (!filters) return std::unexpected(filters.error());
  auto page = search(on, what, *filters).run();
  if (!page || !page->items.empty() || !what.cursor || !what.cursor->backwards) return page;
  // Nobody is left before that position: the first page, instead of an empty one.
  auto first = what;
  first.cursor.reset();
  return search(on, first, std::move(*filters)).run();
}

}  // namespace dossier::stores::sql
