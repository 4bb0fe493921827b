// Numbered migrations. Each is a script in the binary that is run once; the database remembers it with the
// digest of its text.
//
// A script that was changed after it was run is refused. A database that a newer Dossier has migrated is
// refused too, unless it is one step ahead and its nodes may be replaced one by one:
// docs/adr/0009-one-step.md.
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
  std::string name;  // of its file
  bool applied = false;
  bool newer = false;  // of a later version; this version can still use the database
};

// Whether a database may be one step ahead: it has run the script after the last one that this version knows.
enum class step_ahead { refused, allowed };

// Compares the scripts with what the database remembers. Changes nothing. A newer script that is allowed
// comes last.
base::result<std::vector<migration_status>> check_migrations(connection& on,
                                                             std::span<const base::embedded_file> scripts,
                                                             step_ahead rule = step_ahead::refused);

// Runs the missing scripts in order, each in its own transaction, and answers how many were run.
base::result<int> apply_migrations(connection& on, std::span<const base::embedded_file> scripts,
                                   step_ahead rule = step_ahead::refused);

}  // namespace dossier::stores::sql
