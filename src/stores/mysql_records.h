// The records on a MySQL or MariaDB, ready to use: the cloud's counterpart of embedded.h. The composition
// root calls this and knows no other file of stores/sql but the options.
#pragma once

#include <memory>
#include <vector>

#include "base/observer.h"
#include "base/result.h"
#include "domain/records.h"
#include "stores/sql/migrations.h"
#include "stores/sql/mysql_settings.h"

namespace dossier::stores {

struct mysql_records {
  std::unique_ptr<domain::records> records;  // its check() asks the database; its end closes the connections
  int migrated = 0;                          // scripts that were run now
};

// Migrates, then starts the pool. Blocks; the error says what to do. All transactions must have ended before
// the records do.
base::result<mysql_records> make_mysql_records(sql::mysql_settings options, base::call_observer observer);

// What make_mysql_records() would run, without changing anything.
base::result<std::vector<sql::migration_status>> mysql_migration_status(const sql::mysql_settings& options);

}  // namespace dossier::stores
