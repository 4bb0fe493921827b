#include "stores/sql/mysql/mysql_records.h"

#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "base/embedded_file.h"
#include "base/log.h"
#include "base/sha256.h"
#include "stores/sql/mysql/mysql_connection.h"
#include "stores/sql/mysql/mysql_pool.h"
#include "stores/sql/query.h"
#include "stores/sql/sql_records.h"

namespace dossier::stores::sql {
namespace {

using base::result;
using namespace std::chrono_literals;

// How long one node waits for another that is migrating.
constexpr auto wait_for_other = 120s;

// Changing the definition of a large table may take long.
mysql_settings patient(mysql_settings options) {
  options.statement_limit = 0ms;  // none
  options.lock_limit = 60s;
  options.network_limit = 3'600s;
  return options;
}

// The name of a lock has at most 64 characters, and all databases of a server share the names.
std::string lock_name(const std::string& database) {
  return "dossier-" + base::to_hex(base::sha256_of(database)).substr(0, 32);
}

class migration_lock {
 public:
  migration_lock(mysql_connection& on, const std::string& database) : on_(on), name_(lock_name(database)) {
    query row(on_, "SELECT GET_LOCK(?, ?)", name_, wait_for_other.count());
    taken_ = row.next() && !row.is_null(0) && row.integer(0) == 1;
  }
  ~migration_lock() {
    if (!taken_) return;
    try {
      query row(on_, "SELECT RELEASE_LOCK(?)", name_);
      row.next();
    } catch (const failure& problem) {
      // The connection is closed next, which also releases the lock.
      base::log_debug("migration lock not released", {{"detail", problem.detail()}});
    }
  }
  migration_lock(const migration_lock&) = delete;
  migration_lock& operator=(const migration_lock&) = delete;

  bool taken() const { return taken_; }

 private:
  mysql_connection& on_;
  std::string name_;
  bool taken_ = false;
};

void tell_of_newer(const std::vector<migration_status>& status) {
  const auto newer = std::ranges::find_if(status, &migration_status::newer);
  if (newer == status.end()) return;
  base::log_warning("the records are a version ahead of this node", {{"script", newer->name}});
}

std::unexpected<base::error> cannot_open(const mysql_settings& options, const failure& problem) {
  base::log_error("database failed", {{"store", "records"}, {"detail", problem.detail()}});
  auto answer = problem.answer();
  answer.message = fmt::format("The database {} at {}:{} cannot be opened: {}", options.database,
                               options.host, options.port, problem.detail());
  const auto* of_server = dynamic_cast<const mysql_failure*>(&problem);
  if (of_server != nullptr && of_server->is_about_tls()) answer.message += fmt::format(". {}", how_to_trust);
  return std::unexpected(std::move(answer));
}

}  // namespace

result<int> migrate_mysql(const mysql_settings& options, std::span<const base::embedded_file> scripts) {
  try {
    mysql_connection on(patient(options));
    const auto status = check_migrations(on, scripts, step_ahead::allowed);
    if (!status) return std::unexpected(status.error());
    tell_of_newer(*status);
    if (std::ranges::all_of(*status, &migration_status::applied)) return 0;
    const migration_lock lock(on, options.database);
    if (!lock.taken()) {
      return base::fail(
          base::error_code::unavailable,
          "Another node has been migrating the records for two minutes. Wait for it to end, then "
          "start again.");
    }
    return apply_migrations(on, scripts, step_ahead::allowed);
  } catch (const failure& problem) {
    return cannot_open(options, problem);
  }
}

result<std::vector<migration_status>> mysql_migration_status(const mysql_settings& options,
                                                             std::span<const base::embedded_file> scripts) {
  try {
    mysql_connection on(options);
    return check_migrations(on, scripts, step_ahead::allowed);
  } catch (const failure& problem) {
    return cannot_open(options, problem);
  }
}

}  // namespace dossier::stores::sql

namespace dossier::embedded {

std::span<const base::embedded_file> mysql_records_migrations();

}  // namespace dossier::embedded

namespace dossier::stores {
namespace {

// Two gathered queries keep a database busy while the next look-ups are gathered.
constexpr int look_ups_at_once = 2;

}  // namespace

sql::mysql_settings mysql_at(const mysql_location& where, const sql::mysql_settings& options) {
  auto all = options;
  all.host = where.host;
  all.port = where.port;
  all.user = where.user;
  all.database = where.database;
  return all;
}

base::result<opened_store<domain::records>> open_mysql_records(sql::mysql_settings options,
                                                               base::call_observer observer) {
  auto migrated = sql::migrate_mysql(options, embedded::mysql_records_migrations());
  if (!migrated) return base::pass(migrated);
  auto driver = std::make_unique<sql::mysql_driver>("records", std::move(options), std::move(observer));
  auto& running = *driver;
  return opened_store<domain::records>{
      .store = std::make_unique<sql::sql_records>(std::move(driver), look_ups_at_once),
      .migrated = *migrated,
      .stop = [&running] { running.stop(); },
      .reads =
          [&running] {
            return running.reads();
          }};
}

base::result<std::vector<sql::migration_status>> mysql_migration_status(const sql::mysql_settings& options) {
  return sql::mysql_migration_status(options, embedded::mysql_records_migrations());
}

}  // namespace dossier::stores
