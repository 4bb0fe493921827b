#include "web/api/openapi.h"

#include <span>

#include "base/embedded_file.h"
#include "web/api/handlers.h"

namespace dossier::embedded {
std::span<const base::embedded_file> openapi_files();
}

namespace dossier::web::api {

std::string openapi_document(std::string_view version) {
  constexpr std::string_view placeholder = "@version@";
  std::string document(embedded::openapi_files().front().bytes);
  if (const auto at = document.find(placeholder); at != std::string::npos) {
    document.replace(at, placeholder.size(), version);
  }
  return document;
}

awaitable<http::response> get_openapi(const context& ctx, routed_request) {
  http::response answer;
  answer.set("Content-Type", "application/json");
  answer.set("Cache-Control", "no-cache");
  answer.body = openapi_document(ctx.settings.version);
  co_return answer;
}

awaitable<http::response> get_api_page(const context& ctx, routed_request) {
  http::response answer;
  answer.set("Content-Type", "text/html; charset=utf-8");
  answer.set("Cache-Control", "no-cache");
  answer.body = render_api_page(openapi_document(ctx.settings.version));
  co_return answer;
}

}  // namespace dossier::web::api
