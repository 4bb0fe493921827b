// `dossier user …`: accounts, managed on the data itself. They may run while another process serves the data;
// that one notices within seconds. Each prints what it did and returns the exit code of the process: 0, 1 if
// it was refused, or 2 if it failed.
#pragma once

#include "app/command_line.h"
#include "app/settings.h"

namespace dossier::app {

int manage_users(const settings& chosen, const command& asked);

// `dossier routes`: who may use which route.
int print_routes();

}  // namespace dossier::app
