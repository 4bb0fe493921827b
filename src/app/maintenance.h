// The commands that examine the data or put it in order. They may run while another process serves the data,
// except that migrate() may need it for itself. Each prints what it did and returns the exit code of the
// process: 0, or 2 if it failed.
#pragma once

#include <vector>

#include "app/command_line.h"
#include "app/settings.h"
#include "domain/store_check.h"

namespace dossier::app {

// Examines each configured store by itself, for the doctor: whether it answers and is set up as it should be.
// Empty when a setting that names a store is wrong.
std::vector<domain::store_report> examine_stores(const settings& chosen, domain::check_depth how);

// Whether any of the stores is elsewhere than on the disks of this machine.
bool has_remote_stores(const settings& chosen);

// Compares the stores; with --repair, repairs and compares again. Returns 1 if something differs.
int doctor(const settings& chosen, const command& asked);
// Does what is owed and erases what no record names; with --dry-run only says what that would be.
int gc(const settings& chosen, const command& asked);
int rebuild_catalog(const settings& chosen);
// Makes the files and the catalog belong to these records.
int adopt(const settings& chosen);
int migrate(const settings& chosen, const command& asked);

}  // namespace dossier::app
