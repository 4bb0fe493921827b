// The settings that say who may come in and how often, and what is noted about it.
#pragma once

#include <vector>

#include "app/settings.h"

namespace dossier::app {

void add_access(std::vector<setting>& rows);

}  // namespace dossier::app
