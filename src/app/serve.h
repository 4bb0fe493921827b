// `dossier serve`: opens the stores, wires the tiers, serves until told to stop, drains, ends.
#pragma once

#include "app/configuration.h"

namespace dossier::app {

// The process's exit code.
int serve(const settings& chosen);

}  // namespace dossier::app
