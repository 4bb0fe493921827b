// Leasing, confirming and retrying tasks. A leased task is due when its lease ends. So one comparison finds
// all due tasks: those that were never leased and those whose worker died.
#include <map>

#include <fmt/format.h>

#include "base/expects.h"
#include "stores/sql/query.h"
#include "stores/sql/rows.h"
#include "stores/sql/sql_records.h"

namespace dossier::stores::sql {
namespace {

using domain::file_id;
using domain::task;
using domain::task_kind;
using std::chrono::milliseconds;

// How many keys of each kind one transaction forgets. Other transactions wait for it for some milliseconds.
constexpr int forget_at_once = 500;

std::vector<file_id> due_tasks(connection& on, int limit) {
  std::vector<file_id> due;
  query rows(
      on,
      "SELECT file_id FROM task WHERE due_at <= now_ms() ORDER BY due_at, file_id LIMIT ? /*lock or skip*/",
      limit);
  while (rows.next()) due.push_back({rows.integer(0)});
  return due;
}

constexpr std::string_view select_tasks =
    "SELECT t.kind, t.lease_token, t.generation, t.attempts, t.erase_again, p.name, " DOSSIER_FILE_COLUMNS
    " FROM task t JOIN file f ON f.id = t.file_id LEFT JOIN person p ON p.id = f.person_id WHERE t.file_id";

task read_task(const query& row) {
  task one;
  one.kind = read_kind(row, 0);
  one.lease = {row.string(1)};
  one.generation = row.integer(2);
  one.attempts = static_cast<int>(row.integer(3));
  one.erase_again = row.truth(4);
  one.author = row.string(5);
  one.file = read_file(row, 6);
  return one;
}

result<task> load_task(connection& on, file_id id) {
  query row(on, among(select_tasks, 1), id);
  if (!row.next()) return base::fail(base::error_code::conflict, "The task is gone.");
  return read_task(row);
}

// Leases all tasks of a batch together, so that a batch takes a few messages to a database on another
// machine, and not a few for each task.
std::vector<task> lease(connection& on, const domain::lease_token& token, int limit, milliseconds lease_for) {
  const auto due = due_tasks(on, limit);
  std::vector<task> leased;
  in_lists(std::span(due), [&](auto some) {
    {
      query take(on,
                 among("UPDATE task SET lease_token = ?, due_at = now_ms() + ? WHERE file_id", some.size()));
      take.add(token).add(lease_for);
      add_all(take, some);
      take.next();
    }
    query rows(on, among(select_tasks, some.size()));
    add_all(rows, some);
    while (rows.next()) leased.push_back(read_task(rows));
  });
  base::expects(std::ssize(leased) <= limit, "no more tasks are leased than were asked for");
  return leased;
}

// The part of a task that decides whether a worker may still confirm it.
struct held_task {
  task_kind kind{};
  domain::lease_token lease;
  std::int64_t generation = 0;
};

using held_tasks = std::map<file_id, held_task>;

// Locks and answers those of these tasks that still exist.
held_tasks lock_tasks(connection& on, std::span<const file_id> ids) {
  held_tasks held;
  in_lists(ids, [&](auto some) {
    query rows(on, among("SELECT file_id, kind, lease_token, generation FROM task /*by key*/ WHERE file_id",
                         some.size()) +
                       " /*lock*/");
    add_all(rows, some);
    while (rows.next()) {
      held[{rows.integer(0)}] = {read_kind(rows, 1), {rows.string(2)}, rows.integer(3)};
    }
  });
  return held;
}

// Null when the task no longer exists or another worker has it.
const held_task* find_held(const held_tasks& held, const task& leased) {
  const auto found = held.find(leased.file.id);
  return found == held.end() || found->second.lease != leased.lease ? nullptr : &found->second;
}

// If the upload's lease was renewed, its `reap` stays as it is; if the upload was committed, the task that
// replaced the `reap` stays.
result<task> turn_into_erase(connection& on, const task& leased) {
  const auto id = leased.file.id;
  const auto current = load_task(on, id);
  if (!current || current->lease != leased.lease || current->kind != task_kind::reap) {
    return base::fail(base::error_code::conflict, "The task is not this worker's to do.");
  }
  const auto met = execute(on,
                           "UPDATE file SET state = :deleting "
                           "WHERE id = ? AND state = :uploading AND lease_ends <= now_ms()",
                           id);
  if (met == 0) return base::fail(base::error_code::conflict, "The upload is not given up.");
  // The file is locked before its task, as in the transactions of a running upload. So this checks again who
  // holds the task.
  const auto turned = execute(on,
                              "UPDATE task SET kind = :erase, erase_again = 1, generation = generation + 1 "
                              "WHERE file_id = ? AND kind = :reap AND lease_token = ?",
                              id, leased.lease);
  if (turned == 0) return base::fail(base::error_code::conflict, "The task is not this worker's to do.");
  return load_task(on, id);
}

void release(connection& on, file_id id) {
  execute(on, "UPDATE task SET lease_token = NULL, due_at = now_ms() WHERE file_id = ?", id);
}

// An `index` that was done after its lease had ended may have overwritten a newer item, or written an item
// after the erase. So the file's state decides again which task the file needs. A late `erase` does no harm,
// because an object's key is never used again.
void make_good_late(connection& on, const task& late) {
  if (late.kind != task_kind::index) return;
  std::optional<domain::file_state> state;
  {
    query row(on, "SELECT state FROM file WHERE id = ? /*lock*/", late.file.id);
    if (row.next()) state = read_state(row, 0);
  }
  if (!state) {
    adopt(on, late.file.key);
  } else if (*state == domain::file_state::stored) {
    owe(on, late.file.id, task_kind::index);
  } else {
    owe(on, late.file.id, task_kind::erase, true);
  }
}

void complete(connection& on, const held_tasks& held, const domain::finished_task& done) {
  base::expects(!done.erase_again_after || done.task.kind == task_kind::erase, "only an erase is done again");
  const auto id = done.task.file.id;
  const auto* current = find_held(held, done.task);
  if (!current) return make_good_late(on, done.task);
  if (current->generation != done.task.generation || current->kind == task_kind::reap) {
    release(on, id);
  } else if (current->kind == task_kind::erase && done.erase_again_after) {
    execute(on,
            "UPDATE task SET lease_token = NULL, erase_again = 0, attempts = 0, due_at = now_ms() + ? "
            "WHERE file_id = ?",
            *done.erase_again_after, id);
  } else {
    execute(on, "DELETE FROM task WHERE file_id = ?", id);
    if (current->kind == task_kind::erase) {
      execute(on, "DELETE FROM file WHERE id = ?", id);
      on.clear_log_soon();
    }
  }
}

void complete_all(connection& on, const std::vector<domain::finished_task>& done) {
  std::vector<file_id> ids;
  for (const auto& one : done) ids.push_back(one.task.file.id);
  const auto held = lock_tasks(on, ids);
  for (const auto& one : done) complete(on, held, one);
}

void retry(connection& on, const task& leased, milliseconds delay) {
  const auto id = leased.file.id;
  const auto held = lock_tasks(on, std::span(&id, 1));
  const auto* current = find_held(held, leased);
  if (!current) return make_good_late(on, leased);
  if (current->generation != leased.generation) {
    release(on, id);
    return;
  }
  execute(
      on,
      "UPDATE task SET lease_token = NULL, attempts = attempts + 1, due_at = now_ms() + ? WHERE file_id = ?",
      delay, id);
}

std::optional<milliseconds> until_due(connection& on) {
  query row(on, "SELECT MIN(due_at), now_ms() FROM task");
  if (!row.next() || row.is_null(0)) return std::nullopt;
  return std::max(milliseconds(row.integer(0) - row.integer(1)), milliseconds(0));
}

domain::task_statistics statistics(connection& on) {
  domain::task_statistics all;
  query rows(on,
             "SELECT kind, COUNT(*), SUM(CASE WHEN attempts > 0 THEN 1 ELSE 0 END), MIN(due_at), now_ms() "
             "FROM task GROUP BY kind");
  while (rows.next()) {
    const auto count = rows.integer(1);
    all.owed += count;
    all.failing += rows.integer(2);
    all.oldest_overdue = std::max(all.oldest_overdue, milliseconds(rows.integer(4) - rows.integer(3)));
    switch (read_kind(rows, 0)) {
      case task_kind::reap:
        all.reap = count;
        break;
      case task_kind::index:
        all.index = count;
        break;
      case task_kind::erase:
        all.erase = count;
        break;
    }
  }
  return all;
}

// The oldest keys are forgotten first, up to the time of the last one of a batch; keys with the same time go
// together.
struct forgotten {
  std::string_view which;  // the condition for these keys
  std::string_view time;   // the column that says how old they are
};

// Answers whether there may be more.
bool forget_receipts(connection& on) {
  std::vector<std::int64_t> ended;
  {
    query rows(on, "SELECT person_id FROM receipt WHERE ends_at <= now_ms() ORDER BY ends_at LIMIT ?",
               forget_at_once);
    while (rows.next()) ended.push_back(rows.integer(0));
  }
  for (const auto one : ended) execute(on, "DELETE FROM receipt WHERE person_id = ?", one);
  if (!ended.empty()) on.clear_log_soon();
  return std::ssize(ended) == forget_at_once;
}

// The same.
bool forget(connection& on, const forgotten& what, milliseconds older_than) {
  const auto condition = fmt::format("{} AND {} <= ", what.which, what.time);
  std::int64_t last = 0;
  bool more = false;
  {
    query row(on, "SELECT now_ms() - ?", older_than);
    row.next();
    last = row.integer(0);
  }
  {
    query row(on,
              fmt::format("SELECT {1} FROM idempotency_key WHERE {0}? ORDER BY {1} LIMIT 1 OFFSET ?",
                          condition, what.time),
              last, forget_at_once - 1);
    more = row.next();
    if (more) last = row.integer(0);
  }
  if (execute(on, "DELETE FROM idempotency_key WHERE " + condition + "?", last) > 0) on.clear_log_soon();
  return more;
}

}  // namespace

awaitable<result<std::vector<task>>> sql_records::lease_tasks(domain::lease_token token, int limit,
                                                              milliseconds lease_for) {
  base::expects(limit > 0, "a batch has room for a task");
  base::expects(!token.value.empty() && lease_for > milliseconds(0), "a task is leased for some time");
  return driver_->write(
      "lease_tasks",
      [token = std::move(token), limit, lease_for](connection& on) -> result<std::vector<task>> {
        return lease(on, token, limit, lease_for);
      });
}

awaitable<result<task>> sql_records::begin_reap(task leased) {
  base::expects(leased.kind == task_kind::reap, "only a reap becomes an erase");
  return driver_->write("begin_reap",
                        [leased = std::move(leased)](connection& on) { return turn_into_erase(on, leased); });
}

awaitable<result<void>> sql_records::complete_tasks(std::vector<domain::finished_task> done) {
  return driver_->write("complete_tasks", [done = std::move(done)](connection& on) -> result<void> {
    complete_all(on, done);
    return {};
  });
}

awaitable<result<void>> sql_records::retry_task(task leased, milliseconds delay) {
  base::expects(delay >= milliseconds(0), "a task is tried again later");
  return driver_->write("retry_task", [leased = std::move(leased), delay](connection& on) -> result<void> {
    retry(on, leased, delay);
    return {};
  });
}

awaitable<result<std::optional<milliseconds>>> sql_records::next_task_due() {
  return driver_->read("next_task_due",
                       [](connection& on) -> result<std::optional<milliseconds>> { return until_due(on); });
}

awaitable<result<domain::task_statistics>> sql_records::task_stats() {
  // It counts all tasks, and there may be many.
  return driver_->read_in_turn(
      "task_stats", {}, [](connection& on) -> result<domain::task_statistics> { return statistics(on); });
}

awaitable<result<bool>> sql_records::forget_keys(milliseconds older_than) {
  base::expects(older_than >= milliseconds(0), "keys are kept for some time");
  return driver_->write("forget_keys", [older_than](connection& on) -> result<bool> {
    const bool receipts = forget_receipts(on);
    const bool more = forget(on, {.which = "person_id IS NOT NULL", .time = "used_at"}, older_than);
    return forget(on, {.which = "person_id IS NULL", .time = "lease_ends"}, milliseconds(0)) || more ||
           receipts;
  });
}

}  // namespace dossier::stores::sql
