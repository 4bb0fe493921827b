// `dossier audit …`: the audit log, read from the data itself. Each prints what it found and returns the exit
// code of the process: 0, 1 if something is wrong with the log, or 2 if it failed.
#pragma once

#include "app/command_line.h"
#include "app/settings.h"

namespace dossier::app {

int verify_audit(const settings& chosen, const command& asked);
// Writes one line of JSON for each entry to standard output.
int export_audit(const settings& chosen);

}  // namespace dossier::app
