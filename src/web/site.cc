#include "web/site.h"

#include <utility>

#include "web/frame.h"

namespace dossier::web {

std::unique_ptr<http::handler> make_site(const context& ctx) {
  router routes;
  routes.add(api_routes(ctx));
  routes.add(page_routes(ctx));
  routes.add(operations_routes(ctx));
  return std::make_unique<frame>(ctx.settings, std::move(routes));
}

}  // namespace dossier::web
