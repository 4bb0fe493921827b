// The commands that look at the data or put it in order, beside a serving process or without one. Each prints
// what it did and answers the process's exit code.
#pragma once

#include "app/command_line.h"
#include "app/settings.h"

namespace dossier::app {

// Compares the stores; with --repair mends and compares again. 1: something differs.
int doctor(const settings& chosen, const command& asked);
// Does what is owed and erases what no record names; with --dry-run says what that would be.
int gc(const settings& chosen, const command& asked);
int rebuild_catalog(const settings& chosen);
// The files and the catalog belong to these records from now on.
int adopt(const settings& chosen);
int migrate(const settings& chosen, const command& asked);

}  // namespace dossier::app
