#include "stores/checks/mysql_check.h"

#include <optional>
#include <utility>

#include <fmt/format.h>

#include "aws/endpoints.h"
#include "base/clock.h"
#include "stores/checks/aws_checks.h"
#include "stores/checks/mysql_rules.h"
#include "stores/sql/mysql/mysql_connection.h"
#include "stores/sql/query.h"

namespace dossier::stores {
namespace {

using domain::store_finding;
using domain::store_report;
using enum domain::severity;
using sql::query;

std::map<std::string, std::string, std::less<>> pairs(sql::connection& on, std::string_view sql) {
  std::map<std::string, std::string, std::less<>> found;
  for (query row(on, sql); row.next();) found.emplace(row.string(0), row.string(1));
  return found;
}

std::vector<std::string> texts(sql::connection& on, std::string_view sql) {
  std::vector<std::string> found;
  for (query row(on, sql); row.next();) found.push_back(row.string(0));
  return found;
}

std::string text(sql::connection& on, std::string_view sql) {
  auto all = texts(on, sql);
  return all.empty() ? std::string() : std::move(all.front());
}

// The best guess is that the server read its clock half way through the round trip.
std::chrono::milliseconds clock_ahead(sql::connection& on, const std::string& now_ms) {
  const base::system_clock clock;
  const auto before = clock.now();
  std::int64_t there = 0;
  {
    query row(on, "SELECT " + now_ms);
    if (row.next()) there = row.integer(0);
  }
  const auto after = clock.now();
  const auto middle = before + (after - before) / 2;
  return std::chrono::milliseconds(there - middle.time_since_epoch().count());
}

mysql_facts read_facts(sql::mysql_connection& on, const sql::mysql_settings& options) {
  mysql_facts facts{.version = text(on, "SELECT VERSION()"),
                    .database = options.database,
                    .tls_required = options.tls == sql::mysql_settings::tls_mode::required,
                    .this_machine = aws::is_this_machine(options.host),
                    .connections = options.connections};
  facts.global =
      pairs(on,
            "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('innodb_flush_log_at_trx_commit', 'sync_binlog', "
            "'log_bin', 'read_only', 'max_connections')");
  facts.session = pairs(on,
                        "SHOW SESSION VARIABLES WHERE Variable_name IN ('sql_mode', 'transaction_isolation', "
                        "'tx_isolation')");
  facts.tls_version = pairs(on, "SHOW SESSION STATUS WHERE Variable_name = 'Ssl_version'")["Ssl_version"];
  facts.ahead = clock_ahead(on, options.now_ms);
  facts.grants = texts(on, "SHOW GRANTS");
  facts.charset = text(on, "SELECT @@character_set_database");
  facts.other_engines = texts(on,
                              "SELECT table_name FROM information_schema.tables WHERE table_schema = "
                              "DATABASE() AND table_type = 'BASE TABLE' AND engine <> 'InnoDB'");
  return facts;
}

// The finding for an error with this number; empty: there is no special finding for it.
std::optional<store_finding> explain_number(unsigned number, const std::string& is) {
  switch (number) {
    case 1040:
    case 1203:
    case 1226:
      return store_finding{
          error, "limit", is,
          "Raise the limit that is named (max_connections, max_user_connections, or what the "
          "account may do in an hour), or lower mysql.connections."};
    case 1047:
    case 1053:
    case 3032:
    case 3168:
      return store_finding{
          error, "reachable", is,
          "The server is not ready: wait, or see why it is offline, starting or leaving its group."};
    case 1130:
      return store_finding{error, "credentials", is, "Allow the user to come from this machine."};
    case 1820:
    case 1862:
      return store_finding{error, "credentials", is, "Its password has expired: set another one."};
    case 3118:
    case 3955:
    case 4151:
      return store_finding{
          error, "credentials", is,
          "The account is locked: see that records_password is right, then ALTER USER … ACCOUNT "
          "UNLOCK."};
    case 3159:
      return store_finding{error, "tls", is, "Set mysql.tls = \"required\"."};
    default:
      break;
  }
  if (sql::trouble_of(number) != sql::mysql_trouble::refused) return std::nullopt;
  return store_finding{error, "credentials", is,
                       "See that user and password (records_password) are the right ones."};
}

store_finding explain(const sql::failure& problem) {
  const auto* of_server = dynamic_cast<const sql::mysql_failure*>(&problem);
  const auto is = fmt::format("The database cannot be examined: {}", problem.detail());
  if (of_server != nullptr) {
    if (auto one = explain_number(of_server->number(), is)) return *one;
  }
  if (of_server != nullptr && of_server->is_about_tls()) {
    return {error, "tls", is, std::string(sql::how_to_trust)};
  }
  return {error, "reachable", is,
          "See that host and port are the right ones and that the network lets this machine through."};
}

}  // namespace

awaitable<store_report> mysql_check::look(domain::check_depth) {
  store_report report{.store = "records",
                      .where = fmt::format("mysql://{}@{}:{}/{}", options_.user, options_.host, options_.port,
                                           options_.database)};
  try {
    sql::mysql_connection on(options_);
    report.reached = true;
    report.findings = findings_of(read_facts(on, options_));
  } catch (const sql::failure& problem) {
    report.findings.push_back(explain(problem));
  }
  co_return report;
}

}  // namespace dossier::stores
