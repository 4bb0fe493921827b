// The commands that look at the data or put it in order, beside a serving process or without one. Each prints
// what it did and returns the process's exit code.
#pragma once

#include <vector>

#include "app/command_line.h"
#include "app/settings.h"
#include "domain/store_check.h"

namespace dossier::app {

// Examines each configured store by itself, for the doctor: whether it answers and is set up as it should be.
// Empty when a setting that names a store is wrong.
std::vector<domain::store_report> examine_stores(const settings& chosen, domain::check_depth how);

// Whether any of the stores is not on this machine's disks.
bool has_remote_stores(const settings& chosen);

// Compares the stores; with --repair mends and compares again. 1: something differs.
int doctor(const settings& chosen, const command& asked);
// Does what is owed and erases what no record names; with --dry-run says what that would be.
int gc(const settings& chosen, const command& asked);
int rebuild_catalog(const settings& chosen);
// Makes the files and the catalog belong to these records.
int adopt(const settings& chosen);
int migrate(const settings& chosen, const command& asked);

}  // namespace dossier::app
