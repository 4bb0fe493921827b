// Deleting a record, after saying what goes: GET and POST /people/{id}/delete.
#pragma once

#include <string>
#include <vector>

#include "domain/values.h"
#include "web/context.h"
#include "web/pages/page.h"
#include "web/router.h"

namespace dossier::web {

// `changed`: the record changed after the question was asked, so it is asked again.
std::string render_delete_page(page_frame frame, const domain::person& who, bool changed);

std::vector<route> delete_routes(const context& ctx);

}  // namespace dossier::web
