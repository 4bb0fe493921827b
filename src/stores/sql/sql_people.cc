// Looking people up and changing them.
#include <algorithm>
#include <limits>
#include <string>

#include <fmt/format.h>

#include "base/expects.h"
#include "base/text_policy.h"
#include "stores/sql/rows.h"
#include "stores/sql/search/people_search.h"
#include "stores/sql/search/search_index.h"
#include "stores/sql/search/search_terms.h"
#include "stores/sql/sql_records.h"

namespace dossier::stores::sql {
namespace {

using domain::audit_action;
using domain::file_id;
using domain::person;
using domain::person_id;
using domain::task_kind;

// How many of the newest people are looked at for suggestions.
constexpr int recent_people = 200;

result<domain::file> load_file(connection& on, file_id id) {
  query row(on, "SELECT " DOSSIER_FILE_COLUMNS " FROM file f WHERE f.id = ? AND f.state = :stored", id);
  if (!row.next()) return std::unexpected(no_such_file());
  return read_file(row, 0);
}

result<domain::files_page> load_page(connection& on, const domain::files_query& what) {
  const auto wanted = static_cast<std::size_t>(std::clamp(what.limit, 1, 100));
  constexpr auto last = std::numeric_limits<std::int64_t>::max();
  domain::files_page page;
  // One statement, as most reads are. It reads one row more than the page has, which says whether there are
  // more.
  query rows(on,
             "SELECT " DOSSIER_FILE_COLUMNS
             " FROM person p LEFT JOIN file f ON f.person_id = p.id AND f.id " +
                 std::string(what.newest_first ? "< ? WHERE p.id = ? ORDER BY f.id DESC LIMIT ?"
                                               : "> ? WHERE p.id = ? ORDER BY f.id LIMIT ?"),
             what.after          ? what.after->value
             : what.newest_first ? last
                                 : 0,
             what.person, wanted + 1);
  bool there = false;
  while (rows.next()) {
    there = true;
    if (!rows.is_null(0)) page.items.push_back(read_file(rows, 0));
  }
  if (!there) return std::unexpected(no_such_person());
  if (page.items.size() > wanted) {
    page.items.pop_back();
    page.next = page.items.back().id;
  }
  return page;
}

std::vector<domain::history_entry> load_history(connection& on, person_id id, int limit) {
  std::vector<domain::history_entry> entries;
  query rows(on,
             "SELECT h.at, h.action, h.what, h.account_id, a.name FROM history h LEFT JOIN account a "
             "ON a.id = h.account_id WHERE h.person_id = ? ORDER BY h.id DESC LIMIT ?",
             id, limit);
  while (rows.next()) {
    entries.push_back({.at = rows.time(0),
                       .action = rows.string(1),
                       .what = rows.string(2),
                       .account = rows.integer(3),
                       .by = rows.is_null(4) ? std::string() : rows.string(4)});
  }
  return entries;
}

std::vector<std::string> load_recent_values(connection& on, std::size_t field, int limit) {
  std::vector<std::string> values;
  std::vector<std::string> folded;
  query rows(on,
             fmt::format("SELECT {}, {} FROM person ORDER BY id DESC LIMIT ?",
                         domain::detail_fields()[field].name, folded_column(field)),
             recent_people);
  while (rows.next() && std::ssize(values) < limit) {
    if (rows.text(0).empty() || std::ranges::find(folded, rows.text(1)) != folded.end()) continue;
    values.push_back(rows.string(0));
    folded.push_back(rows.string(1));
  }
  return values;
}

result<void> check_version(connection& on, person_id id, std::optional<std::int64_t> expected) {
  query row(on, "SELECT version FROM person WHERE id = ? /*lock*/", id);
  if (!row.next()) return std::unexpected(no_such_person());
  if (expected && *expected != row.integer(0)) {
    return base::fail(base::error_code::stale,
                      "The record has changed since you opened it. Look at it again.");
  }
  return {};
}

std::string what_differs(const domain::details& before, const domain::details& after) {
  std::string names;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before[i] != after[i])
      names.append(names.empty() ? "" : ", ").append(domain::detail_fields()[i].name);
  }
  return names;
}

// The words as they were stored, by any version of the folding rules.
std::vector<std::string> stored_words(connection& on, person_id id) {
  query row(on, "SELECT words FROM person WHERE id = ?", id);
  return row.next() ? split_words(row.text(0)) : std::vector<std::string>();
}

void write_details(connection& on, person_id id, const domain::details& to) {
  const auto text = search_text_of(to);
  if (on.has_former_nodes()) change_former_words(on, id, stored_words(on, id), text.words);
  static const std::string statement = [] {
    std::string sql = "UPDATE person SET ";
    for (const auto& field : domain::detail_fields()) sql.append(field.name).append(" = ?, ");
    for (const auto i : text_details()) sql += folded_column(i) + " = ?, ";
    return sql + "words = ?, pending = 1, version = version + 1, updated_at = now_ms() WHERE id = ?";
  }();
  query change(on, statement);
  add_details(change, to);
  for (const auto& folded : text.folded) change.add(folded);
  change.add(text.joined).add(id);
  change.next();
  base::expects(on.rows_met() == 1, "a person who is changed is locked");
}

result<person> update(connection& on, person_id id, const domain::details& to,
                      std::optional<std::int64_t> expected, const domain::actor& by) {
  auto current = check_version(on, id, expected);
  if (!current) return base::pass(current);
  auto who = load_person(on, id);
  if (!who) return who;
  const auto what = what_differs(who->details, to);
  if (what.empty()) return who;
  write_details(on, id, to);
  remember(on, id, "edited", what, by);
  note(on, by, audit_action::person_changed, id.value, what);
  if (who->details.name() != to.name()) {
    for (const auto one : load_file_ids(on, id)) owe(on, one, task_kind::index);
  }
  return load_person(on, id);
}

void mark_deleting(connection& on, file_id id) {
  const auto met = execute(on, "UPDATE file SET state = :deleting, person_id = NULL WHERE id = ?", id);
  base::expects(met == 1, "a file that is deleted is locked with its person");
  owe(on, id, task_kind::erase);
}

result<void> remove(connection& on, person_id id, std::optional<std::int64_t> expected,
                    const domain::actor& by) {
  auto current = check_version(on, id, expected);
  if (!current) return current;
  for (const auto one : load_file_ids(on, id)) mark_deleting(on, one);
  if (on.has_former_nodes()) change_former_words(on, id, stored_words(on, id), {});
  execute(on, "DELETE FROM history WHERE person_id = ?", id);
  on.clear_log_soon();
  const auto met = execute(on, "DELETE FROM person WHERE id = ?", id);
  base::expects(met == 1, "a person who is deleted is locked");
  execute(on, "REPLACE INTO search_gone (person_id) VALUES (?)", id);
  note(on, by, audit_action::person_deleted, id.value);
  return {};
}

// A transaction that changes a stored file locks its person first. So two deletions of it, or a deletion and
// a renaming of the person, happen one after the other.
result<void> remove_file(connection& on, file_id id, const domain::actor& by) {
  auto one = load_file(on, id);
  if (!one) return std::unexpected(one.error());
  if (auto locked = check_version(on, one->person, {}); !locked) return std::unexpected(no_such_file());
  one = load_file(on, id);
  if (!one) return std::unexpected(one.error());
  mark_deleting(on, id);
  change_file_count(on, one->person, -1);
  remember(on, one->person, "file_removed", one->name, by);
  note(on, by, audit_action::file_removed, one->person.value, fmt::format("file {}", id.value));
  return {};
}

bool asks_for_everybody(const domain::people_query& what) {
  return what.words.empty() && what.filters.empty() && !what.has_files;
}

}  // namespace

awaitable<result<person>> sql_records::find_person(person_id id) {
  auto found = look_ups_ ? co_await look_ups_->find(id)
                         : co_await driver_->read(
                               "find_person", [id](connection& on) { return load_person_in_one(on, id); });
  if (!found || !lacks_files(*found)) co_return found;
  // The few people who have many files need this second read, so that the look-up of all others takes one
  // statement.
  co_return co_await driver_->read("oldest_files", [&found](connection& on) -> result<person> {
    auto who = *found;
    load_files(on, who);
    return who;
  });
}

awaitable<result<domain::file>> sql_records::find_file(file_id id) {
  return driver_->read("find_file", [id](connection& on) { return load_file(on, id); });
}

awaitable<result<domain::files_page>> sql_records::list_files(domain::files_query what) {
  return driver_->read("list_files", [what](connection& on) { return load_page(on, what); });
}

awaitable<result<domain::people_page>> sql_records::list_people(domain::people_query what) {
  // A page without a filter is read along an index: as many rows as the page has people, and their first
  // files.
  const bool brief = asks_for_everybody(what);
  auto who = what.asker;
  auto look = [this, what = std::move(what)](connection& on) {
    return search_people(on, what, plan_);
  };
  if (brief) return driver_->read("list_people", std::move(look));
  return driver_->read_in_turn("list_people", std::move(who), std::move(look));
}

// Asks first without writing, because usually there is nothing to do.
awaitable<result<bool>> sql_records::tend_search(bool at_once) {
  const tending how{.policy = index_policy(), .at_once = at_once};
  auto due = co_await driver_->read("search_due",
                                    [how](connection& on) -> result<bool> { return is_index_due(on, how); });
  if (!due || !*due) co_return due;
  auto tended =
      co_await driver_->write({"tend_search", {}, purpose::add},
                              [how](connection& on) -> result<bool> { return tend_index(on, how); });
  if (tended || tended.error().code != base::error_code::no_space) co_return tended;
  // Deleted people are removed from the index even when there is no room to add anybody.
  auto forgetting = how;
  forgetting.only_forget = true;
  auto forgotten = co_await driver_->write("forget_in_search", [forgetting](connection& on) -> result<bool> {
    return tend_index(on, forgetting);
  });
  if (!forgotten) co_return forgotten;
  co_return base::pass(tended);
}

awaitable<result<std::vector<domain::history_entry>>> sql_records::history(person_id id, int limit) {
  base::expects(limit > 0, "a history has room for an entry");
  return driver_->read("history", [id, limit](connection& on) -> result<std::vector<domain::history_entry>> {
    return load_history(on, id, limit);
  });
}

awaitable<result<std::vector<std::string>>> sql_records::recent_values(std::size_t field, int limit) {
  base::expects(field < domain::detail_fields().size() &&
                    domain::detail_fields()[field].kind == domain::field_kind::text,
                "values of a text are suggested");
  base::expects(limit > 0, "a list has room for a value");
  return driver_->read("recent_values", [field, limit](connection& on) -> result<std::vector<std::string>> {
    return load_recent_values(on, field, limit);
  });
}

awaitable<result<person>> sql_records::update_person(person_id id, domain::details details,
                                                     std::optional<std::int64_t> expected_version,
                                                     domain::actor by) {
  return driver_->write({"update_person", contended_row::person(id.value), purpose::add},
                        [id, details = std::move(details), expected_version, by = std::move(by)](
                            connection& on) { return update(on, id, details, expected_version, by); });
}

awaitable<result<void>> sql_records::delete_person(person_id id, std::optional<std::int64_t> expected_version,
                                                   domain::actor by) {
  return driver_->write({"delete_person", contended_row::person(id.value)},
                        [id, expected_version, by = std::move(by)](connection& on) {
                          return remove(on, id, expected_version, by);
                        });
}

awaitable<result<void>> sql_records::delete_file(file_id id, domain::actor by) {
  return driver_->write({"delete_file", contended_row::file(id.value)},
                        [id, by = std::move(by)](connection& on) { return remove_file(on, id, by); });
}

}  // namespace dossier::stores::sql
