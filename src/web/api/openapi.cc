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

std::string_view published_api::document() {
  std::call_once(document_made_, [this] { document_ = openapi_document(version_); });
  return document_;
}

std::string_view published_api::page() {
  std::call_once(page_made_, [this] { page_ = render_api_page(document()); });
  return page_;
}

awaitable<http::response> get_openapi(published_api& api) {
  http::response answer;
  answer.set("Content-Type", "application/json");
  answer.set("Cache-Control", "no-cache");
  answer.body = api.document();
  co_return answer;
}

awaitable<http::response> get_api_page(published_api& api) {
  http::response answer;
  answer.set("Content-Type", "text/html; charset=utf-8");
  answer.set("Cache-Control", "no-cache");
  answer.body = api.page();
  co_return answer;
}

}  // namespace dossier::web::api
