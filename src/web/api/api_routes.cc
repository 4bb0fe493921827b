#include <memory>

#include "web/api/handlers.h"
#include "web/api/openapi.h"
#include "web/site.h"

namespace dossier::web {
namespace {

using handler_function = awaitable<http::response> (*)(const context&, routed_request);

}  // namespace

std::vector<route> api_routes(const context& ctx) {
  const auto with_context = [&ctx](handler_function handle) {
    return [&ctx, handle](routed_request routed) {
      return handle(ctx, std::move(routed));
    };
  };
  const auto published = std::make_shared<api::published_api>(ctx.settings.version);
  return {
      {"GET", "/api/v1/people/{id}", with_context(api::get_person)},
      {"PATCH", "/api/v1/people/{id}", with_context(api::edit_person)},
      {"DELETE", "/api/v1/people/{id}", with_context(api::delete_person)},
      {"GET", "/api/v1/people", with_context(api::list_people)},
      {"POST", "/api/v1/people", with_context(api::create_person)},
      {"GET", "/api/v1/people/{id}/files", with_context(api::list_files)},
      {"POST", "/api/v1/people/{id}/files", with_context(api::add_files)},
      {"GET", "/api/v1/files/{file_id}", with_context(api::get_file)},
      {"DELETE", "/api/v1/files/{file_id}", with_context(api::delete_file)},
      {"GET", "/api/v1/files/{file_id}/content", with_context(api::get_content)},
      {"GET", "/api/v1/catalog", with_context(api::list_catalog)},
      {"GET", "/api/v1/openapi.json",
       [published](routed_request) {
         return api::get_openapi(*published);
       }},
      {"GET", "/api",
       [published](routed_request) {
         return api::get_api_page(*published);
       }},
  };
}

}  // namespace dossier::web
