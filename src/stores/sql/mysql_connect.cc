#include "stores/sql/mysql_connect.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "base/log.h"
#include "stores/sql/mysql_library.h"

namespace dossier::stores::sql {
namespace {

using std::chrono::milliseconds;

// Only what proves that it knows the password without telling it: the library would otherwise follow whatever
// a server asks for. A server that takes tokens first says another of these, then switches to clear text.
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
  // Not the socket file that "localhost" would mean.
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
  // The server ends a session that its pool has forgotten; in the middle of a transaction, too.
  const auto wait = seconds(options.idle_limit) + seconds(options.network_limit) + 15;
  run(handle,
      fmt::format("SET SESSION sql_mode = 'STRICT_ALL_TABLES,ONLY_FULL_GROUP_BY,ERROR_FOR_DIVISION_BY_ZERO,"
                  "NO_ENGINE_SUBSTITUTION', time_zone = '+00:00', innodb_lock_wait_timeout = {}, "
                  "wait_timeout = {}, autocommit = 1, {}",
                  seconds(options.lock_limit), wait,
                  mariadb ? fmt::format("max_statement_time = {}.{:03}", limit / 1000, limit % 1000)
                          : fmt::format("max_execution_time = {}", limit)));
  run(handle, "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
  // Texts are compared as they are, also where no column says how.
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
                "their password cannot be read: " + answer.error().message);
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

}  // namespace dossier::stores::sql
