// What lies open to other users of this machine, and should not.
#pragma once

#include "app/settings.h"

namespace dossier::app {

// Logs a warning, with what to do, for the data folder and for the file with the certificate's key, where the
// group or everybody may read or change them.
void warn_of_what_is_open(const settings& chosen);

}  // namespace dossier::app
