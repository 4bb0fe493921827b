// All routes of Dossier in one table: its pages, its API, and the endpoints for operators.
#pragma once

#include <span>

#include "web/router.h"

namespace dossier::web {

// The first route that matches a path answers it. Each row says who and what may use the route; frame.cc
// enforces that.
std::span<const route> all_routes();

}  // namespace dossier::web
