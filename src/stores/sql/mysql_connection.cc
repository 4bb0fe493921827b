#include "stores/sql/mysql_connection.h"

#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <poll.h>

#include "stores/sql/dialect.h"
#include "stores/sql/mysql_library.h"
#include "stores/sql/mysql_statement.h"
#include "stores/sql/query.h"

namespace dossier::stores::sql {
namespace {

// Kept at the server for each connection. The fixed ones are about fifty; the rest are shapes of searches. A
// server has 16382 for all its clients unless told otherwise.
constexpr std::size_t most_statements = 120;

}  // namespace

mysql_connection::mysql_connection(const mysql_settings& options)
    : mysql_connection(options, connect_mysql(options)) {}

mysql_connection::mysql_connection(const mysql_settings& options, mysql_handle session)
    : now_ms_(options.now_ms), handle_(std::move(session)) {
  read_clock();
}

mysql_connection::~mysql_connection() = default;

void mysql_connection::throw_problem(std::string_view doing) {
  throw mysql_problem(handle_.get(), doing);
}

statement& mysql_connection::prepare(std::string_view sql) {
  auto found = statements_.find(sql);
  if (found == statements_.end()) {
    if (statements_.size() >= most_statements) drop_unused();
    const dialect words{.now_ms = now_ms_,
                        .lock = "FOR UPDATE",
                        .lock_or_skip = "FOR UPDATE SKIP LOCKED",
                        .by_key = "FORCE INDEX (PRIMARY)",
                        .by_pending = "FORCE INDEX (person_by_pending)",
                        .join_in_order = "STRAIGHT_JOIN"};
    auto made = std::make_unique<mysql_statement>(*this, handle_.get(), spell(sql, words));
    found = statements_.emplace(std::string(sql), std::move(made)).first;
  }
  auto& one = *found->second;
  if (one.in_use) throw std::logic_error("a statement is used twice at the same time: " + std::string(sql));
  one.in_use = true;
  return one;
}

void mysql_connection::drop_unused() {
  std::erase_if(statements_, [](const auto& entry) { return !entry.second->in_use; });
}

void mysql_connection::forget_statements() {
  statements_.clear();
}

void mysql_connection::about_to_run() {
  if (single_ == ran_one) throw needs_snapshot();
  if (single_ == first) single_ = ran_one;
}

void mysql_connection::ran(std::int64_t rows_met, std::int64_t insert_id) {
  rows_met_ = rows_met;
  last_insert_id_ = insert_id;
  written_ |= rows_met > 0;
}

void mysql_connection::run_script(const std::string& sql) {
  auto* handle = handle_.get();
  if (libmariadb().mysql_real_query(handle, sql.data(), sql.size()) != 0) throw_problem(sql);
  int more = 0;
  do {
    if (auto* rows = libmariadb().mysql_store_result(handle)) libmariadb().mysql_free_result(rows);
    more = libmariadb().mysql_next_result(handle);
  } while (more == 0);
  if (more > 0) throw_problem(sql);
}

bool mysql_connection::has_table(std::string_view name) {
  query rows(*this,
             "SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?",
             name);
  return rows.next();
}

// A server that is read only refuses the statement before it looks for rows.
void mysql_connection::check_writing() {
  execute(*this, "DELETE FROM commit_token WHERE 1 = 0");
}

void mysql_connection::begin() {
  written_ = false;
  run_script("START TRANSACTION");
}

void mysql_connection::begin_reading() {
  run_script("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; START TRANSACTION READ ONLY");
}

void mysql_connection::begin_single() {
  single_ = first;
}

void mysql_connection::commit() {
  run_script("COMMIT");
}

void mysql_connection::roll_back() noexcept {
  if (libmariadb().mysql_rollback(handle_.get()) != 0) broken_ = true;
}

void mysql_connection::commit_with(std::string_view token_in_hex) {
  auto* handle = handle_.get();
  const auto sql =
      fmt::format("INSERT INTO commit_token (token, committed) VALUES (x'{}', 1); COMMIT", token_in_hex);
  if (libmariadb().mysql_real_query(handle, sql.data(), sql.size()) != 0) {
    auto problem = mysql_problem(handle, "INSERT INTO commit_token");
    // The server runs nothing after a statement that failed.
    if (problem.trouble() != mysql_trouble::lost) throw commit_failed_early{std::move(problem)};
    throw problem;
  }
  if (libmariadb().mysql_next_result(handle) != 0) throw_problem("COMMIT");
}

// The library's ping waits as long as any statement may take, which can be set before connecting only. So the
// question is sent, and its answer read, by two calls, and the time between them is ours.
bool mysql_connection::answers_within(std::chrono::milliseconds limit) {
  constexpr std::string_view nothing = "DO 0";
  const auto& library = libmariadb();
  auto* handle = handle_.get();
  if (library.mysql_send_query(handle, nothing.data(), nothing.size()) != 0) return false;
  pollfd answer{.fd = library.mysql_get_socket(handle), .events = POLLIN, .revents = 0};
  return ::poll(&answer, 1, static_cast<int>(limit.count())) == 1 &&
         library.mysql_read_query_result(handle) == 0;
}

std::uint64_t mysql_connection::server_id() const {
  return libmariadb().mysql_thread_id(handle_.get());
}

void mysql_connection::read_clock() {
  query row(*this, "SELECT CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)");
  if (row.next()) clock_at_connect_ms_ = row.integer(0);
  connected_at_ = std::chrono::steady_clock::now();
}

std::int64_t mysql_connection::server_time_ms() const {
  const auto since = std::chrono::steady_clock::now() - connected_at_;
  return clock_at_connect_ms_ + std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

}  // namespace dossier::stores::sql
