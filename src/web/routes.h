// All routes of Dossier: its pages, its API and what operators and their machines ask, in one table.
#pragma once

#include <span>

#include "web/router.h"

namespace dossier::web {

// The first that matches a path answers it. What each may do stands in its row; frame.cc sees to it.
std::span<const route> all_routes();

}  // namespace dossier::web
