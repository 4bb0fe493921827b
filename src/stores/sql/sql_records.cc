#include "stores/sql/sql_records.h"

#include <span>

#include "base/expects.h"
#include "stores/sql/query.h"
#include "stores/sql/rows.h"

namespace dossier::stores::sql {

sql_records::sql_records(std::unique_ptr<driver> on, std::optional<int> gathering, search_plan plan)
    : driver_(std::move(on)), accounts_(*driver_), audit_(*driver_), plan_(plan) {
  base::expects(driver_ != nullptr, "records have a driver");
  if (gathering) look_ups_.emplace(*driver_, *gathering);
}

sql_records::~sql_records() = default;

// What the doctor asks and mends.

namespace {

using domain::file_id;
using domain::file_row;
using domain::file_state;
using domain::task_kind;

#define DOSSIER_ROW_SELECT                                                                                  \
  "SELECT f.state, p.name, t.kind, CASE WHEN t.due_at <= now_ms() THEN 1 ELSE 0 END, " DOSSIER_FILE_COLUMNS \
  " FROM file f LEFT JOIN person p ON p.id = f.person_id LEFT JOIN task t ON t.file_id = f.id "

file_row read_row(const query& row) {
  file_row one;
  one.state = read_state(row, 0);
  one.author = row.string(1);
  if (!row.is_null(2)) one.owed = read_kind(row, 2);
  one.overdue = row.truth(3);
  one.file = read_file(row, 4);
  return one;
}

std::vector<file_row> rows_after(connection& on, file_id after, int limit) {
  std::vector<file_row> found;
  query rows(on, DOSSIER_ROW_SELECT "WHERE f.id > ? ORDER BY f.id LIMIT ?", after, limit);
  while (rows.next()) found.push_back(read_row(rows));
  return found;
}

std::optional<file_row> row_of(connection& on, const domain::object_key& key) {
  query row(on, DOSSIER_ROW_SELECT "WHERE f.object_key = ?", key);
  if (!row.next()) return std::nullopt;
  return read_row(row);
}

std::vector<file_row> rows_of(connection& on, std::span<const domain::object_key> keys) {
  std::vector<file_row> found;
  in_lists(keys, [&](auto some) {
    query rows(on, among(DOSSIER_ROW_SELECT "WHERE f.object_key", some.size()));
    add_all(rows, some);
    while (rows.next()) found.push_back(read_row(rows));
  });
  return found;
}

void owe_what_is_due(connection& on, file_id id) {
  file_state state{};
  std::optional<task_kind> owed;
  {
    query row(
        on, "SELECT f.state, t.kind FROM file f LEFT JOIN task t ON t.file_id = f.id WHERE f.id = ? /*lock*/",
        id);
    if (!row.next()) return;
    state = read_state(row, 0);
    if (!row.is_null(1)) owed = read_kind(row, 1);
  }
  switch (state) {
    case file_state::stored:
      return owe(on, id, task_kind::index);
    case file_state::deleting:
      if (owed != task_kind::erase) owe(on, id, task_kind::erase);
      return;
    case file_state::uploading:
      if (!owed) owe_reap(on, id);
      return;
  }
}

}  // namespace

awaitable<result<std::vector<file_row>>> sql_records::scan_files(file_id after, int limit) {
  base::expects(limit > 0, "a list has room for a row");
  return driver_->read("scan_files", [after, limit](connection& on) -> result<std::vector<file_row>> {
    return rows_after(on, after, limit);
  });
}

awaitable<result<std::optional<file_row>>> sql_records::find_row(domain::object_key key) {
  return driver_->read("find_row", [key = std::move(key)](connection& on) -> result<std::optional<file_row>> {
    return row_of(on, key);
  });
}

awaitable<result<std::vector<file_row>>> sql_records::find_rows(std::vector<domain::object_key> keys) {
  return driver_->read("find_rows",
                       [keys = std::move(keys)](connection& on) -> result<std::vector<file_row>> {
                         return rows_of(on, keys);
                       });
}

awaitable<result<void>> sql_records::adopt_orphan(domain::object_key key) {
  return driver_->write("adopt_orphan", [key = std::move(key)](connection& on) -> result<void> {
    adopt(on, key);
    return {};
  });
}

awaitable<result<void>> sql_records::owe_tasks(std::vector<file_id> files) {
  return driver_->write("owe_tasks", [files = std::move(files)](connection& on) -> result<void> {
    for (const auto id : files) owe_what_is_due(on, id);
    return {};
  });
}

awaitable<result<domain::records_identity>> sql_records::identity() {
  return driver_->read("identity", [](connection& on) -> result<domain::records_identity> {
    query row(on, "SELECT identity FROM records_identity WHERE one = 1");
    if (!row.next()) return base::fail(base::error_code::internal, "The records have lost their identity.");
    return domain::records_identity{row.string(0)};
  });
}

awaitable<result<void>> sql_records::check() {
  if (auto there = driver_->look(); !there) co_return there;
  auto there = co_await driver_->read("check", [](connection& on) -> result<void> {
    query row(on, "SELECT MAX(number) FROM schema_migration");
    if (!row.next() || row.is_null(0))
      return base::fail(base::error_code::unavailable, "The records are not set up.");
    return {};
  });
  if (!there) co_return there;
  co_return co_await driver_->read("check_writing", [](connection& on) -> result<void> {
    on.check_writing();
    return {};
  });
}

}  // namespace dossier::stores::sql
