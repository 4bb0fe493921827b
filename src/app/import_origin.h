// `dossier import origin`: brings an origin's people and files into the stores that are configured.
#pragma once

#include "app/command_line.h"
#include "app/settings.h"

namespace dossier::app {

// Prints the report and returns the exit code: 0, or 1 if something cannot be imported, or 2 if the import
// failed.
int import_origin(const settings& chosen, const command& asked);

}  // namespace dossier::app
