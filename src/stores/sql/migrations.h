// Numbered migrations: each a script in the binary, run once, remembered with the digest of its text.
//
// A script that was changed after it was run is refused. So is a database that a newer Dossier has migrated,
// except for one step ahead where several nodes are replaced one by one: docs/adr/0009-one-step.md.
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
  bool newer = false;  // of a later version, beside which this one goes on working
};

// Whether a database may be a step ahead: it has the script whose number follows our last one.
enum class step_ahead { refused, allowed };

// Compares the scripts with what the database remembers. Changes nothing. A newer script that is allowed
// comes last.
base::result<std::vector<migration_status>> check_migrations(connection& on,
                                                             std::span<const base::embedded_file> scripts,
                                                             step_ahead rule = step_ahead::refused);

// Runs what is missing, in order, each in a transaction, and answers how many that was.
base::result<int> apply_migrations(connection& on, std::span<const base::embedded_file> scripts,
                                   step_ahead rule = step_ahead::refused);

}  // namespace dossier::stores::sql
