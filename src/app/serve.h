// `dossier serve`: opens the stores, connects the tiers, serves until a signal asks it to stop, drains and
// ends.
#pragma once

#include "app/configuration.h"
#include "app/settings.h"

namespace dossier::app {

// Logs a warning, with what to do, when other users of this machine may read or change the data folder or
// the file with the certificate's key.
void warn_of_what_is_open(const settings& chosen);

// Returns the process's exit code.
int serve(const settings& chosen);

}  // namespace dossier::app
