#include "stores/sql/mysql/mysql_connection.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <poll.h>

#include "base/expects.h"
#include "base/log.h"
#include "stores/sql/connection.h"
#include "stores/sql/mysql/mysql_library.h"
#include "stores/sql/mysql/mysql_statement.h"
#include "stores/sql/query.h"

namespace dossier::stores::sql {
namespace {

using std::chrono::milliseconds;

// Plugins that prove that Dossier knows the password without sending it. Only these are allowed, because
// otherwise the library would do whatever a server asks for. A server that accepts tokens asks for one of
// these first, and then for clear text.
#define DOSSIER_PROVING_PLUGINS "caching_sha2_password,mysql_native_password,sha256_password,client_ed25519"
constexpr const char* proving_plugins = DOSSIER_PROVING_PLUGINS;
constexpr const char* all_plugins = DOSSIER_PROVING_PLUGINS ",mysql_clear_password";

unsigned seconds(milliseconds time) {
  return static_cast<unsigned>(
      std::max<std::int64_t>(std::chrono::ceil<std::chrono::seconds>(time).count(), 1));
}

void set_flag(st_mysql* handle, mysql_option which, bool on) {
  const my_bool value = on ? 1 : 0;
  libmariadb().mysql_options(handle, which, &value);
}

void set_tls(st_mysql* handle, const mysql_settings& options) {
  if (options.tls == mysql_settings::tls_mode::off) return;
  set_flag(handle, MYSQL_OPT_SSL_ENFORCE, true);
  set_flag(handle, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, true);
  libmariadb().mysql_optionsv(handle, MARIADB_OPT_TLS_VERSION, "TLSv1.2,TLSv1.3");
  if (!options.ca_file.empty())
    libmariadb().mysql_optionsv(handle, MYSQL_OPT_SSL_CA, options.ca_file.c_str());
}

void set_limits(st_mysql* handle, const mysql_settings& options) {
  const auto& library = libmariadb();
  const unsigned connect = seconds(options.connect_limit);
  const unsigned network = seconds(options.network_limit);
  library.mysql_options(handle, MYSQL_OPT_CONNECT_TIMEOUT, &connect);
  library.mysql_options(handle, MYSQL_OPT_READ_TIMEOUT, &network);
  library.mysql_options(handle, MYSQL_OPT_WRITE_TIMEOUT, &network);
}

mysql_handle prepare_handle(const mysql_settings& options) {
  const auto& library = libmariadb();
  mysql_handle handle(library.mysql_init(nullptr));
  if (!handle) throw std::bad_alloc();
  set_limits(handle.get(), options);
  set_tls(handle.get(), options);
  library.mysql_optionsv(handle.get(), MYSQL_SET_CHARSET_NAME, "utf8mb4");
  library.mysql_optionsv(handle.get(), MARIADB_OPT_RESTRICTED_AUTH,
                         options.clear_password ? all_plugins : proving_plugins);
  if (!options.plugin_folder.empty()) {
    library.mysql_optionsv(handle.get(), MYSQL_PLUGIN_DIR, options.plugin_folder.c_str());
  }
  const unsigned no = 0;
  library.mysql_optionsv(handle.get(), MYSQL_OPT_LOCAL_INFILE, &no);
  set_flag(handle.get(), MYSQL_REPORT_DATA_TRUNCATION, true);
  set_flag(handle.get(), MYSQL_OPT_RECONNECT, false);
  return handle;
}

bool log_in(st_mysql* handle, const mysql_settings& options, const std::string& password) {
  // Otherwise the library would use the socket file for "localhost".
  const unsigned protocol = MYSQL_PROTOCOL_TCP;
  libmariadb().mysql_optionsv(handle, MYSQL_OPT_PROTOCOL, &protocol);
  return libmariadb().mysql_real_connect(
             handle, options.host.c_str(), options.user.c_str(), password.c_str(),
             options.database.empty() ? nullptr : options.database.c_str(), options.port, nullptr,
             CLIENT_FOUND_ROWS | CLIENT_MULTI_STATEMENTS | CLIENT_MULTI_RESULTS) != nullptr;
}

void run(st_mysql* handle, const std::string& sql) {
  if (libmariadb().mysql_real_query(handle, sql.data(), sql.size()) != 0) throw mysql_problem(handle, sql);
}

void set_session(st_mysql* handle, const mysql_settings& options) {
  const char* server = libmariadb().mysql_get_server_info(handle);
  const bool mariadb = server != nullptr && std::string_view(server).contains("MariaDB");
  const auto limit = options.statement_limit.count();
  // After this time without a statement the server ends a session that its pool has lost, even in a
  // transaction.
  const auto wait = seconds(options.idle_limit) + seconds(options.network_limit) + 15;
  run(handle,
      fmt::format("SET SESSION sql_mode = 'STRICT_ALL_TABLES,ONLY_FULL_GROUP_BY,ERROR_FOR_DIVISION_BY_ZERO,"
                  "NO_ENGINE_SUBSTITUTION', time_zone = '+00:00', innodb_lock_wait_timeout = {}, "
                  "wait_timeout = {}, autocommit = 1, {}",
                  seconds(options.lock_limit), wait,
                  mariadb ? fmt::format("max_statement_time = {}.{:03}", limit / 1000, limit % 1000)
                          : fmt::format("max_execution_time = {}", limit)));
  run(handle, "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
  // Texts are compared exactly, also where no column sets a collation.
  run(handle, "SET NAMES utf8mb4 COLLATE utf8mb4_bin");
}

}  // namespace

void mysql_closer::operator()(st_mysql* handle) const noexcept {
  libmariadb().mysql_close(handle);
}

mysql_failure mysql_problem(st_mysql* handle, std::string_view doing) {
  const auto& library = libmariadb();
  return {library.mysql_errno(handle), library.mysql_sqlstate(handle), library.mysql_error(handle), doing};
}

std::string password_of(const mysql_settings& options, bool refresh) {
  if (options.clear_password && options.tls != mysql_settings::tls_mode::required) {
    throw failure(base::error_code::internal, "The records cannot be reached. The log says why.",
                  "a password or token in clear text is only sent over TLS");
  }
  if (!options.password) return {};
  auto answer = options.password(refresh);
  if (answer) return std::move(*answer);
  throw failure(base::error_code::unavailable, "The records cannot be reached. Try again in a moment.",
                "the database's password cannot be read: " + answer.error().message);
}

mysql_handle connect_with(const mysql_settings& options, const std::string& password) {
  auto handle = prepare_handle(options);
  if (!log_in(handle.get(), options, password)) {
    throw mysql_problem(handle.get(), fmt::format("connect to {}:{}", options.host, options.port));
  }
  set_session(handle.get(), options);
  return handle;
}

mysql_handle connect_mysql(const mysql_settings& options) {
  const auto password = password_of(options, false);
  try {
    return connect_with(options, password);
  } catch (const mysql_failure& problem) {
    if (!problem.is_login()) throw;
    base::log_info("password refused, reading it again", {{"host", options.host}, {"user", options.user}});
    const auto fresh = password_of(options, true);
    if (fresh == password) throw;
    return connect_with(options, fresh);
  }
}

namespace {

// How many prepared statements the server keeps for a connection. About fifty are fixed; the others are
// variants of searches. By default a server allows 16382 for all its clients together.
constexpr std::size_t most_statements = 120;

}  // namespace

mysql_connection::mysql_connection(const mysql_settings& options)
    : mysql_connection(options, connect_mysql(options)) {}

mysql_connection::mysql_connection(const mysql_settings& options, mysql_handle session)
    : now_ms_(options.now_ms), handle_(std::move(session)) {
  base::expects(handle_ != nullptr, "a connection has a session");
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
  base::expects(single_ == none, "a transaction begins after a single read has ended");
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
  base::expects(token_in_hex.size() == 32, "a commit token has 32 digits");
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

// The library's ping waits as long as any statement may take, and that limit can only be set before
// connecting. So one call sends a statement, another reads the answer, and poll() limits the wait between
// them.
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
