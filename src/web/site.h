// The whole site as one handler: security checks, then the route's handler, then the headers that every
// answer carries. Pages (pages/) and API (api/) add their routes; nothing else knows of both.
#pragma once

#include <memory>

#include "http/message.h"
#include "web/context.h"
#include "web/router.h"

namespace dossier::web {

// The routes of the JSON API under /api/v1, of the OpenAPI document and of /api. `ctx` outlives them.
std::vector<route> api_routes(const context& ctx);
// The routes of the pages and of /static.
std::vector<route> page_routes(const context& ctx);
// /livez, /readyz, /healthz, /metrics.
std::vector<route> operations_routes(const context& ctx);

std::unique_ptr<http::handler> make_site(const context& ctx);

// The page for an error (pages/error_page.cc), in the site's style: what happened, what to do next, the id.
std::string render_error_page(unsigned status, std::string_view message, std::string_view request_id);

}  // namespace dossier::web
