// Migrating a MySQL or MariaDB: the scripts of db/mysql, by whichever node comes first, under a lock that the
// server lets go when that node dies.
//
// These databases commit at each statement of a definition. A node that dies between a script and the note
// that it was run leaves work that is done again: scripts mean the same when they are repeated.
//
// A rolling upgrade: a node of the version before goes on beside new ones, also when it starts again. The
// schema may be one script ahead of what it knows, no more (docs/adr/0009-one-step.md).
#pragma once

#include <vector>

#include "base/embedded_file.h"
#include "base/result.h"
#include "stores/sql/migrations.h"
#include "stores/sql/mysql_settings.h"

namespace dossier::stores::sql {

// Answers how many scripts were run now. The error says what to do.
base::result<int> migrate_mysql(const mysql_settings& options, std::span<const base::embedded_file> scripts);

// What migrate_mysql() would run, without changing anything.
base::result<std::vector<migration_status>> mysql_migration_status(
    const mysql_settings& options, std::span<const base::embedded_file> scripts);

}  // namespace dossier::stores::sql
