// Each configured store by itself, for the doctor: whether it answers and is set up as it should be.
#pragma once

#include <vector>

#include "app/settings.h"
#include "domain/store_check.h"

namespace dossier::app {

// One after the other. Nothing when the settings do not even name stores.
std::vector<domain::store_report> examine_stores(const settings& chosen, domain::check_depth how);

// Whether any of them is not on this machine's disks.
bool has_remote_stores(const settings& chosen);

}  // namespace dossier::app
