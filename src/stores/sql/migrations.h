// Numbered migrations: each a script in the binary, run once, remembered with the digest of its text.
//
// A script that was changed after it was run, or a database that a newer Dossier has migrated, is refused.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/embedded_file.h"
#include "base/result.h"
#include "stores/sql/connection.h"

namespace dossier::stores::sql {

struct migration_status {
  int number = 0;
  std::string name;  // its file's
  bool applied = false;
};

// Compares the scripts with what the database remembers. Changes nothing.
base::result<std::vector<migration_status>> check_migrations(connection& on,
                                                             std::span<const base::embedded_file> scripts);

// Runs what is missing, in order, each in a transaction, and answers how many that was.
base::result<int> apply_migrations(connection& on, std::span<const base::embedded_file> scripts);

}  // namespace dossier::stores::sql
