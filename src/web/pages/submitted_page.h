// The success page, GET /submitted/{id}: the record's number, its address, and what is kept where.
#pragma once

#include <string>
#include <vector>

#include "domain/values.h"
#include "web/context.h"
#include "web/pages/page.h"
#include "web/router.h"

namespace dossier::web {

std::string render_submitted_page(const page_frame& frame, const domain::person& who);

std::vector<route> submitted_routes(const context& ctx);

}  // namespace dossier::web
