#include "web/routes.h"

namespace dossier::web {
namespace {

using enum who;
using enum sent_from;
using enum takes;

// clang-format off
constexpr route table[] = {
    // The API. The routes that are used most come first.
    {"GET",    "/api/v1/people/{id}",             anyone, any_page,  nothing, api::get_person},
    {"PATCH",  "/api/v1/people/{id}",             anyone, our_pages, fields,  api::edit_person},
    {"DELETE", "/api/v1/people/{id}",             anyone, our_pages, nothing, api::delete_person},
    {"GET",    "/api/v1/people",                  anyone, any_page,  nothing, api::list_people},
    {"POST",   "/api/v1/people",                  anyone, our_pages, files,   api::create_person},
    {"GET",    "/api/v1/people/{id}/files",       anyone, any_page,  nothing, api::list_files},
    {"POST",   "/api/v1/people/{id}/files",       anyone, our_pages, files,   api::add_files},
    {"GET",    "/api/v1/files/{file_id}",         anyone, any_page,  nothing, api::get_file},
    {"DELETE", "/api/v1/files/{file_id}",         anyone, our_pages, nothing, api::delete_file},
    {"GET",    "/api/v1/files/{file_id}/content", anyone, any_page,  nothing, api::get_content},
    {"GET",    "/api/v1/catalog",                 anyone, any_page,  nothing, api::list_catalog},
    {"GET",    "/api/v1/openapi.json",            anyone, any_page,  nothing, api::get_openapi},
    {"GET",    "/api",                            anyone, any_page,  nothing, api::get_api_page},

    // The pages.
    {"GET",    "/",                               anyone, any_page,  nothing, pages::show_form},
    {"POST",   "/",                               anyone, our_pages, files,   pages::submit},
    {"GET",    "/submitted/{id}",                 anyone, any_page,  nothing, pages::show_submitted},
    {"GET",    "/employee",                       anyone, any_page,  nothing, pages::show_look_up},
    {"POST",   "/employee",                       anyone, our_pages, fields,  pages::answer_look_up},
    {"GET",    "/people",                         anyone, any_page,  nothing, pages::show_directory},
    {"GET",    "/people/{id}",                    anyone, any_page,  nothing, pages::show_record},
    {"POST",   "/people/{id}/files",              anyone, our_pages, files,   pages::add_files},
    // A reload after a refused upload asks for this.
    {"GET",    "/people/{id}/files",              anyone, any_page,  nothing, pages::show_record},
    {"GET",    "/people/{id}/edit",               anyone, any_page,  nothing, pages::show_edit},
    {"POST",   "/people/{id}/edit",               anyone, our_pages, fields,  pages::save_edit},
    {"GET",    "/people/{id}/delete",             anyone, any_page,  nothing, pages::ask_to_delete},
    {"POST",   "/people/{id}/delete",             anyone, our_pages, fields,  pages::delete_record},
    {"GET",    "/files/{id}/remove",              anyone, any_page,  nothing, pages::ask_to_remove_file},
    {"POST",   "/files/{id}/remove",              anyone, our_pages, nothing, pages::remove_file},
    {"GET",    "/catalog",                        anyone, any_page,  nothing, pages::show_catalog},
    {"GET",    "/static/{digest}/{name}",         anyone, any_page,  nothing, pages::serve_static},
    {"GET",    "/favicon.ico",                    anyone, any_page,  nothing, pages::redirect_favicon},

    // For operators and monitoring.
    {"GET",    "/livez",                          anyone, any_host,  nothing, probes::get_livez},
    {"GET",    "/readyz",                         anyone, any_host,  nothing, probes::get_readyz},
    {"GET",    "/healthz",                        anyone, any_page,  nothing, probes::get_healthz},
    {"GET",    "/metrics",                        anyone, any_host,  nothing, probes::get_metrics},
};
// clang-format on

}  // namespace

std::span<const route> all_routes() {
  return table;
}

}  // namespace dossier::web
