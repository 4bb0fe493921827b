// Removing one file, after asking: GET and POST /files/{id}/remove.
#pragma once

#include <string>
#include <vector>

#include "domain/values.h"
#include "web/context.h"
#include "web/pages/page.h"
#include "web/pages/person_parts.h"
#include "web/router.h"

namespace dossier::web {

// `from`: the page of files that this was asked on, and that comes next.
std::string render_remove_file_page(const page_frame& frame, const domain::file& file,
                                    const domain::person& owner, const shown_files& from = {});

std::vector<route> remove_file_routes(const context& ctx);

}  // namespace dossier::web
