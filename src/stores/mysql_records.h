// The records on a MySQL or MariaDB, ready to use: the cloud's counterpart of embedded.h. The composition
// root calls this and knows no other file of stores/sql but the options.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "base/observer.h"
#include "base/result.h"
#include "domain/records.h"
#include "stores/locations.h"
#include "stores/sql/migrations.h"
#include "stores/sql/mysql_settings.h"

namespace dossier::stores {

// The options, for this place.
sql::mysql_settings mysql_at(const mysql_location& where, const sql::mysql_settings& options);

struct mysql_records {
  // Its check() asks the database. Destroying it closes the connections; all calls must have ended before.
  std::unique_ptr<domain::records> records;
  // Lets running calls end soon, by an error where the database is away. The records stay to be called, and
  // refuse. From any thread.
  std::function<void()> stop;
  std::function<base::lane_use()> reads;
  int migrated = 0;  // scripts that were run now
};

// Migrates, then starts the pool. Blocks; the error says what to do.
base::result<mysql_records> make_mysql_records(sql::mysql_settings options, base::call_observer observer);

// What make_mysql_records() would run, without changing anything.
base::result<std::vector<sql::migration_status>> mysql_migration_status(const sql::mysql_settings& options);

}  // namespace dossier::stores
