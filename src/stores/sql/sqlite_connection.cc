#include "stores/sql/sqlite_connection.h"

#include <mutex>
#include <stdexcept>

#include <fmt/format.h>
#include <sqlite3.h>

#include "base/log.h"
#include "stores/sql/dialect.h"
#include "stores/sql/query.h"
#include "stores/sql/sqlite_statement.h"

namespace dossier::stores::sql {
namespace {

constexpr dialect sqlite_words{.now_ms = "now_ms()",
                               .lock = "",
                               .lock_or_skip = "",
                               .by_key = "",
                               .by_pending = "INDEXED BY person_by_pending",
                               .join_in_order = "CROSS JOIN"};

// Statements kept ready on a connection. The fixed ones are about fifty; the rest are shapes of searches.
constexpr std::size_t most_statements = 160;

// Between two looks at the budget. Some microseconds, but for what each reads from the disk: so they are few.
constexpr int instructions_between_looks = 200;

void answer_now(sqlite3_context* context, int, sqlite3_value**) {
  const auto* clock = static_cast<const base::clock*>(sqlite3_user_data(context));
  sqlite3_result_int64(context, clock->now().time_since_epoch().count());
}

void prepare_library() {
  // Without its statistics SQLite takes no lock around each allocation. Only possible before its first use.
  static std::once_flag once;
  std::call_once(once, [] { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });
}

int open_flags(sqlite_settings::access mode) {
  switch (mode) {
    case sqlite_settings::access::write:
      return SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    case sqlite_settings::access::read:
      return SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    case sqlite_settings::access::look:
      return SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX;
  }
  std::unreachable();
}

}  // namespace

sqlite_connection::sqlite_connection(const std::string& path, const base::clock& clock,
                                     sqlite_settings settings)
    : clock_(clock), wait_for_lock_ms_(static_cast<int>(settings.wait_for_lock.count())) {
  prepare_library();
  try {
    open(path, settings);
    configure(settings);
  } catch (...) {
    statements_.clear();
    sqlite3_close(handle_);
    throw;
  }
}

sqlite_connection::~sqlite_connection() {
  statements_.clear();
  sqlite3_close(handle_);
}

void sqlite_connection::open(const std::string& path, const sqlite_settings& settings) {
  const int code = sqlite3_open_v2(path.c_str(), &handle_, open_flags(settings.mode), nullptr);
  if (code != SQLITE_OK) throw sqlite_failure(handle_, code, "open " + path);
  sqlite3_busy_timeout(handle_, static_cast<int>(settings.wait_for_lock.count()));
  sqlite3_progress_handler(handle_, instructions_between_looks, &is_over_budget, this);
  sqlite3_create_function_v2(handle_, "now_ms", 0, SQLITE_UTF8 | SQLITE_INNOCUOUS,
                             const_cast<base::clock*>(&clock_), &answer_now, nullptr, nullptr, nullptr);
}

void sqlite_connection::configure(const sqlite_settings& settings) {
  // The log's limit is what is left of it on disk after a burst has been checkpointed.
  run_script(
      fmt::format("PRAGMA cache_size = -{}; PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = ON;"
                  "PRAGMA trusted_schema = OFF;",
                  settings.page_cache_kib));
  switch (settings.mode) {
    case sqlite_settings::access::write:
      run_script(
          "PRAGMA journal_mode = WAL; PRAGMA secure_delete = ON; PRAGMA synchronous = FULL; PRAGMA "
          "journal_size_limit = 67108864;"
          "PRAGMA wal_autocheckpoint = 0");
      // Instead of the automatic checkpoint, whose time a commit's waiters would pay: see checkpoint().
      sqlite3_wal_hook(handle_, &after_commit, this);
      break;
    case sqlite_settings::access::read:
    case sqlite_settings::access::look:
      run_script("PRAGMA query_only = ON");
      break;
  }
}

statement& sqlite_connection::prepare(std::string_view sql) {
  auto found = statements_.find(sql);
  if (found == statements_.end()) {
    if (statements_.size() >= most_statements) make_room();
    auto made = std::make_unique<sqlite_statement>(handle_, spell(sql, sqlite_words));
    found = statements_.emplace(std::string(sql), std::move(made)).first;
  }
  auto& one = *found->second;
  if (one.in_use) throw std::logic_error("a statement is used twice at the same time: " + std::string(sql));
  one.in_use = true;
  return one;
}

void sqlite_connection::make_room() {
  std::erase_if(statements_, [](const auto& entry) { return !entry.second->in_use; });
}

std::int64_t sqlite_connection::last_insert_id() {
  return sqlite3_last_insert_rowid(handle_);
}

std::int64_t sqlite_connection::rows_met() {
  return sqlite3_changes64(handle_);
}

void sqlite_connection::run_script(const std::string& sql) {
  const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) throw sqlite_failure(handle_, code, sql);
}

bool sqlite_connection::has_table(std::string_view name) {
  query rows(*this, "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", name);
  return rows.next();
}

// Taking the write lock at once: a transaction that reads first and writes later could fail in between.
void sqlite_connection::begin() {
  execute(*this, "BEGIN IMMEDIATE");
}

void sqlite_connection::begin_reading() {
  execute(*this, "BEGIN");
}

void sqlite_connection::commit() {
  execute(*this, "COMMIT");
}

void sqlite_connection::roll_back() noexcept {
  if (in_transaction()) sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
}

void sqlite_connection::begin_part() {
  execute(*this, "SAVEPOINT part");
}

void sqlite_connection::keep_part() {
  execute(*this, "RELEASE part");
}

void sqlite_connection::undo_part() {
  execute(*this, "ROLLBACK TO part");
  execute(*this, "RELEASE part");
}

bool sqlite_connection::in_transaction() const {
  return sqlite3_get_autocommit(handle_) == 0;
}

int sqlite_connection::is_over_budget(void* self) {
  auto* budget = static_cast<sqlite_connection*>(self)->budget_;
  return budget != nullptr && budget->is_over() ? 1 : 0;
}

int sqlite_connection::after_commit(void* self, sqlite3*, const char*, int pages) {
  static_cast<sqlite_connection*>(self)->log_pages_ = pages;
  return SQLITE_OK;
}

void sqlite_connection::empty_log() noexcept {
  checkpoint();
  sqlite3_wal_checkpoint_v2(handle_, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
}

void sqlite_connection::checkpoint() noexcept {
  int in_log = 0;
  int moved = 0;
  const int code = sqlite3_wal_checkpoint_v2(handle_, nullptr, SQLITE_CHECKPOINT_PASSIVE, &in_log, &moved);
  if (code != SQLITE_OK && code != SQLITE_BUSY) {
    base::log_warning("checkpoint failed", {{"detail", sqlite3_errmsg(handle_)}});
  }
  log_pages_ = in_log > moved ? in_log - moved : 0;
}

void sqlite_connection::clear_log() noexcept {
  if (!log_to_clear_) return;
  sqlite3_busy_timeout(handle_, 0);  // those who write next must not wait for a reader
  if (sqlite3_wal_checkpoint_v2(handle_, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr) ==
      SQLITE_OK) {
    log_to_clear_ = false;
    log_pages_ = 0;
  }
  sqlite3_busy_timeout(handle_, wait_for_lock_ms_);
}

}  // namespace dossier::stores::sql
