// The records on a MySQL or MariaDB, ready to use: the cloud's counterpart of embedded.h. The composition
// root calls this and knows no other file of stores/sql but mysql_settings.h.
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

// Migrations of a MySQL or MariaDB: the node that comes first runs the scripts of db/mysql, under a lock that
// the server releases when that node dies.
//
// These databases commit at each statement that changes a definition. When a node dies after a script and
// before the note that it was run, the script is run again: a script can be repeated without harm.
//
// In a rolling upgrade a node of the version before goes on beside new ones, also after a restart. The schema
// may be one script ahead of what the node knows, no more (docs/adr/0009-one-step.md).

// Answers how many scripts were run now. The error says what to do.
base::result<int> migrate_mysql(const mysql_settings& options, std::span<const base::embedded_file> scripts);

// Every migration, and whether it has been run. Changes nothing.
base::result<std::vector<migration_status>> mysql_migration_status(
    const mysql_settings& options, std::span<const base::embedded_file> scripts);

}  // namespace dossier::stores::sql

namespace dossier::stores {

// The options, with the host, port, user and database of this location.
sql::mysql_settings mysql_at(const mysql_location& where, const sql::mysql_settings& options);

// Migrates, then starts the pool. Blocks; the error says what to do.
// Its check() asks the database.
base::result<opened_store<domain::records>> open_mysql_records(sql::mysql_settings options,
                                                               base::call_observer observer);

// Every migration, and whether it has been run. Changes nothing.
base::result<std::vector<sql::migration_status>> mysql_migration_status(const sql::mysql_settings& options);

}  // namespace dossier::stores
