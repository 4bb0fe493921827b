#include "stores/mysql_records.h"

#include <span>

#include "base/embedded_file.h"
#include "stores/sql/mysql_driver.h"
#include "stores/sql/mysql_migrations.h"
#include "stores/sql/sql_records.h"

namespace dossier::embedded {

std::span<const base::embedded_file> mysql_records_migrations();

}  // namespace dossier::embedded

namespace dossier::stores {
namespace {

// Two keep a database busy while the next ones gather.
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

base::result<mysql_records> make_mysql_records(sql::mysql_settings options, base::call_observer observer) {
  auto migrated = sql::migrate_mysql(options, embedded::mysql_records_migrations());
  if (!migrated) return base::pass(migrated);
  auto driver = std::make_unique<sql::mysql_driver>("records", std::move(options), std::move(observer));
  auto& running = *driver;
  return mysql_records{.records = std::make_unique<sql::sql_records>(std::move(driver), look_ups_at_once),
                       .stop = [&running] { running.stop(); },
                       .reads = [&running] { return running.reads(); },
                       .migrated = *migrated};
}

base::result<std::vector<sql::migration_status>> mysql_migration_status(const sql::mysql_settings& options) {
  return sql::mysql_migration_status(options, embedded::mysql_records_migrations());
}

}  // namespace dossier::stores
