// The records in a MySQL or MariaDB database, ready to use: the cloud's counterpart of embedded.h. open.h and
// checks/ use this.
#pragma once

#include <span>
#include <vector>

#include "base/embedded_file.h"
#include "base/observer.h"
#include "base/result.h"
#include "stores/locations.h"
#include "stores/opened.h"
#include "stores/sql/migrations.h"
#include "stores/sql/mysql/mysql_settings.h"

namespace dossier::stores::sql {

// Migrations of a MySQL or MariaDB: the first node to start runs the scripts of db/mysql, under a lock that
// the server releases when that node dies.
//
// These databases commit at each statement that changes a table's definition. If a node dies after it has run
// a script and before it has recorded that, the script is run again. So every script must be safe to repeat.
//
// In a rolling upgrade, nodes of the previous version work beside new ones, even after a restart. So the
// schema may be one script ahead of what a node knows, but no more (docs/adr/0009-one-step.md).

// Answers how many scripts were run now. The error says what to do.
base::result<int> migrate_mysql(const mysql_settings& options, std::span<const base::embedded_file> scripts);

// Every migration, and whether it has been run. Changes nothing.
base::result<std::vector<migration_status>> mysql_migration_status(
    const mysql_settings& options, std::span<const base::embedded_file> scripts);

}  // namespace dossier::stores::sql

namespace dossier::stores {

// The options, with the host, port, user and database of this location.
sql::mysql_settings mysql_at(const mysql_location& where, const sql::mysql_settings& options);

// Migrates the database, then starts the pool. Blocks. The error's message says what to do. The store's
// check() asks the database.
base::result<opened_store<domain::records>> open_mysql_records(sql::mysql_settings options,
                                                               base::call_observer observer);

// Every migration, and whether it has been run. Changes nothing.
base::result<std::vector<sql::migration_status>> mysql_migration_status(const sql::mysql_settings& options);

}  // namespace dossier::stores
