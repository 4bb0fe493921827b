#include "stores/sql/sqlite/sqlite_connection.h"

#include <mutex>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <sqlite3.h>
#include <time.h>

#include "base/expects.h"
#include "base/log.h"
#include "stores/sql/connection.h"
#include "stores/sql/query.h"

namespace dossier::stores::sql {
namespace {

using namespace std::chrono_literals;

constexpr auto between_looks = 250us;

std::chrono::nanoseconds used_by_this_thread() {
  timespec used{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

}  // namespace

read_budget::read_budget(read_limits limits, std::function<bool()> given_up)
    : limits_(limits), given_up_(std::move(given_up)), next_look_(began_ + between_looks) {
  if (limits_.processor) processor_began_ = used_by_this_thread();
}

bool read_budget::is_over() {
  if (why_ != end::none) return true;
  const auto now = clock::now();
  if (now >= next_look_) look(now);
  return why_ != end::none;
}

void read_budget::look(clock::time_point now) {
  next_look_ = now + between_looks;
  if (given_up_ && given_up_()) {
    why_ = end::given_up;
  } else if (limits_.processor && used_by_this_thread() - processor_began_ >= *limits_.processor) {
    why_ = end::used_up;
  } else if (now - began_ >= limits_.wall) {
    why_ = end::late;
  }
}

failure sqlite_failure(sqlite3* handle, int code, std::string_view doing) {
  auto detail =
      fmt::format("{} ({}, extended {}): {}", handle ? sqlite3_errmsg(handle) : sqlite3_errstr(code), code,
                  handle ? sqlite3_extended_errcode(handle) : code, doing);
  switch (code & 0xff) {
    case SQLITE_FULL:
      return {base::error_code::no_space, "The disk is full. Free some space, then try again.",
              std::move(detail)};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {base::error_code::unavailable, "The records are busy. Try again in a moment.",
              std::move(detail)};
    case SQLITE_INTERRUPT:
      return {base::error_code::unavailable,
              "The question took too long to answer. Ask for less, or try again.", std::move(detail)};
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_PROTOCOL:
    case SQLITE_NOMEM:
      return {base::error_code::unavailable, "The records cannot be read or written. The log says why.",
              std::move(detail)};
    default:
      return {base::error_code::internal,
              "The records answered in a way that was not expected. The log says why.", std::move(detail)};
  }
}

sqlite_statement::sqlite_statement(sqlite3* handle, std::string_view sql) : handle_(handle) {
  const int code = sqlite3_prepare_v3(handle, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement_, nullptr);
  if (code != SQLITE_OK) throw sqlite_failure(handle, code, sql);
}

sqlite_statement::~sqlite_statement() {
  sqlite3_finalize(statement_);
}

void sqlite_statement::check(int code) const {
  if (code != SQLITE_OK) throw sqlite_failure(handle_, code, sqlite3_sql(statement_));
}

void sqlite_statement::bind_integer(int parameter, std::int64_t value) {
  check(sqlite3_bind_int64(statement_, parameter, value));
}

void sqlite_statement::bind_text(int parameter, std::string_view value) {
  check(sqlite3_bind_text64(statement_, parameter, value.data() ? value.data() : "", value.size(),
                            SQLITE_TRANSIENT, SQLITE_UTF8));
}

void sqlite_statement::bind_blob(int parameter, std::span<const std::byte> value) {
  check(sqlite3_bind_blob64(statement_, parameter, value.data(), value.size(), SQLITE_TRANSIENT));
}

void sqlite_statement::bind_null(int parameter) {
  check(sqlite3_bind_null(statement_, parameter));
}

bool sqlite_statement::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  throw sqlite_failure(handle_, code, sqlite3_sql(statement_));
}

// SQLite answers null for a column that is not there, and for every column when there is no row.
void sqlite_statement::check_column(int column) const {
  base::expects(column >= 0 && column < sqlite3_data_count(statement_), "a row has this column");
}

bool sqlite_statement::is_null(int column) const {
  check_column(column);
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t sqlite_statement::integer(int column) const {
  check_column(column);
  return sqlite3_column_int64(statement_, column);
}

std::string_view sqlite_statement::text(int column) const {
  check_column(column);
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  return bytes ? std::string_view(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)))
               : std::string_view();
}

std::span<const std::byte> sqlite_statement::blob(int column) const {
  check_column(column);
  const auto* bytes = static_cast<const std::byte*>(sqlite3_column_blob(statement_, column));
  return {bytes, bytes ? static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)) : 0};
}

void sqlite_statement::reset() {
  // The returned code is not checked: it repeats the failure of the last step(), which was thrown already.
  sqlite3_reset(statement_);
  in_use = false;
}

namespace {

constexpr dialect sqlite_words{.now_ms = "now_ms()",
                               .lock = "",
                               .lock_or_skip = "",
                               .by_key = "",
                               .by_pending = "INDEXED BY person_by_pending",
                               .join_in_order = "CROSS JOIN"};

// How many prepared statements a connection keeps. About fifty are fixed; the others are variants of
// searches.
constexpr std::size_t most_statements = 160;

// SQLite calls is_over_budget() each time it has run this many of its instructions. The number is small,
// because even these take some microseconds, and longer when they read from the disk.
constexpr int instructions_between_looks = 200;

void answer_now(sqlite3_context* context, int, sqlite3_value**) {
  const auto* clock = static_cast<const base::clock*>(sqlite3_user_data(context));
  sqlite3_result_int64(context, clock->now().time_since_epoch().count());
}

void prepare_library() {
  // Without memory statistics SQLite takes no lock around each allocation. Must be set before its first use.
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
  base::not_reached();
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
  run_script(
      fmt::format("PRAGMA cache_size = -{}; PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = ON;"
                  "PRAGMA trusted_schema = OFF;",
                  settings.page_cache_kib));
  switch (settings.mode) {
    case sqlite_settings::access::write:
      // journal_size_limit: the most bytes of the log file that stay on the disk after a checkpoint.
      run_script(
          "PRAGMA journal_mode = WAL; PRAGMA secure_delete = ON; PRAGMA synchronous = FULL; PRAGMA "
          "journal_size_limit = 67108864;"
          "PRAGMA wal_autocheckpoint = 0");
      // This replaces the automatic checkpoint, which would delay everybody who waits for the commit.
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

// Takes the write lock at once. A transaction that reads first and takes the lock later may be refused it.
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
  base::expects(in_transaction(), "a part begins within a transaction");
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
  sqlite3_busy_timeout(handle_, 0);  // do not wait for a reader: the next writes would have to wait too
  if (sqlite3_wal_checkpoint_v2(handle_, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr) ==
      SQLITE_OK) {
    log_to_clear_ = false;
    log_pages_ = 0;
  }
  sqlite3_busy_timeout(handle_, wait_for_lock_ms_);
}

}  // namespace dossier::stores::sql
