// Editing details in place: GET and POST /people/{id}/edit. The form carries the version that was read, so
// that a change of someone else is never overwritten unseen.
#pragma once

#include <vector>

#include "web/context.h"
#include "web/router.h"

namespace dossier::web {

std::vector<route> edit_routes(const context& ctx);

}  // namespace dossier::web
