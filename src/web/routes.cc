#include "web/routes.h"

namespace dossier::web {
namespace {

using enum who;
using enum sent_from;
using enum takes;
using enum counted;
using enum proven;

// clang-format off
constexpr route table[] = {
    // The API. The routes that are used most come first.
    {"GET",    "/api/v1/people/{id}",              viewer,    any_page,  nothing, any_time, api,     api::get_person},
    {"PATCH",  "/api/v1/people/{id}",              editor,    our_pages, fields,  any_time, api,     api::edit_person},
    {"DELETE", "/api/v1/people/{id}",              editor,    our_pages, nothing, any_time, api,     api::delete_person},
    {"GET",    "/api/v1/people",                   viewer,    any_page,  nothing, any_time, search,  api::list_people},
    {"POST",   "/api/v1/people",                   submitter, our_pages, files,   any_time, intake,  api::create_person},
    {"GET",    "/api/v1/people/{id}/files",        viewer,    any_page,  nothing, any_time, api,     api::list_files},
    {"POST",   "/api/v1/people/{id}/files",        editor,    our_pages, files,   any_time, intake,  api::add_files},
    {"GET",    "/api/v1/files/{file_id}",          viewer,    any_page,  nothing, any_time, api,     api::get_file},
    {"DELETE", "/api/v1/files/{file_id}",          editor,    our_pages, nothing, any_time, api,     api::delete_file},
    {"GET",    "/api/v1/files/{file_id}/content",  viewer,    any_page,  nothing, any_time, api,     api::get_content},
    {"GET",    "/api/v1/catalog",                  viewer,    any_page,  nothing, any_time, search,  api::list_catalog},
    {"GET",    "/api/v1/openapi.json",             anyone,    any_page,  nothing, any_time, never,   api::get_openapi},
    {"GET",    "/api",                             anyone,    any_page,  nothing, any_time, never,   api::get_api_page},

    // The pages.
    {"GET",    "/",                                submitter, any_page,  nothing, any_time, never,   pages::show_form},
    {"POST",   "/",                                submitter, our_pages, files,   any_time, intake,  pages::submit},
    {"GET",    "/submitted/{id}",                  viewer,    any_page,  nothing, any_time, never,   pages::show_submitted},
    {"GET",    "/employee",                        viewer,    any_page,  nothing, any_time, never,   pages::show_look_up},
    {"POST",   "/employee",                        viewer,    our_pages, fields,  any_time, search,  pages::answer_look_up},
    {"GET",    "/people",                          viewer,    any_page,  nothing, any_time, search,  pages::show_directory},
    {"GET",    "/people/{id}",                     viewer,    any_page,  nothing, any_time, never,   pages::show_record},
    {"POST",   "/people/{id}/files",               editor,    our_pages, files,   any_time, intake,  pages::add_files},
    // A reload after a refused upload asks for this.
    {"GET",    "/people/{id}/files",               viewer,    any_page,  nothing, any_time, never,   pages::show_record},
    {"GET",    "/people/{id}/edit",                editor,    any_page,  nothing, any_time, never,   pages::show_edit},
    {"POST",   "/people/{id}/edit",                editor,    our_pages, fields,  any_time, never,   pages::save_edit},
    {"GET",    "/people/{id}/delete",              editor,    any_page,  nothing, any_time, never,   pages::ask_to_delete},
    {"POST",   "/people/{id}/delete",              editor,    our_pages, fields,  any_time, never,   pages::delete_record},
    {"GET",    "/files/{id}/remove",               editor,    any_page,  nothing, any_time, never,   pages::ask_to_remove_file},
    {"POST",   "/files/{id}/remove",               editor,    our_pages, nothing, any_time, never,   pages::remove_file},
    {"GET",    "/catalog",                         viewer,    any_page,  nothing, any_time, search,  pages::show_catalog},
    // Signing in, and what an account has of its own.
    {"GET",    "/sign-in",                         anyone,    any_page,  nothing, any_time, never,   pages::show_sign_in},
    {"POST",   "/sign-in",                         anyone,    our_pages, fields,  any_time, sign_in, pages::begin_session},
    {"GET",    "/sign-in/code",                    anyone,    any_page,  nothing, any_time, never,   pages::show_code},
    {"POST",   "/sign-in/code",                    anyone,    our_pages, fields,  any_time, sign_in, pages::use_code},
    {"POST",   "/sign-out",                        anyone,    our_pages, nothing, any_time, never,   pages::end_session},
    {"GET",    "/welcome/{secret}",                anyone,    any_page,  nothing, any_time, never,   pages::follow_link},
    {"GET",    "/welcome",                         anyone,    any_page,  nothing, any_time, never,   pages::show_welcome},
    {"POST",   "/welcome",                         anyone,    our_pages, fields,  any_time, sign_in, pages::use_link},
    {"GET",    "/set-up/{secret}",                 founder,   any_page,  nothing, any_time, never,   pages::follow_set_up},
    {"GET",    "/set-up",                          founder,   any_page,  nothing, any_time, never,   pages::show_set_up},
    {"POST",   "/set-up",                          founder,   our_pages, fields,  any_time, sign_in, pages::use_set_up},
    {"GET",    "/receipts/{secret}",               anyone,    any_page,  nothing, any_time, search,  pages::show_receipt},
    {"GET",    "/received",                        submitter, any_page,  nothing, any_time, never,   pages::show_received},
    {"GET",    "/account",                         account,   any_page,  nothing, any_time, never,   pages::show_account},
    {"POST",   "/account/password",                account,   our_pages, fields,  any_time, sign_in, pages::change_password},
    {"POST",   "/account/sessions",                account,   our_pages, fields,  any_time, never,   pages::end_sessions},
    {"POST",   "/account/tokens",                  account,   our_pages, fields,  recently, never,   pages::change_tokens},
    {"GET",    "/account/confirm",                 account,   any_page,  nothing, any_time, never,   pages::show_confirm},
    {"POST",   "/account/confirm",                 account,   our_pages, fields,  any_time, sign_in, pages::confirm},
    {"GET",    "/account/second-factor",           account,   any_page,  nothing, recently, never,   pages::show_second_factor},
    {"POST",   "/account/second-factor",           account,   our_pages, fields,  recently, sign_in, pages::set_second_factor},
    {"POST",   "/account/recovery-codes",          account,   our_pages, nothing, recently, never,   pages::make_recovery_codes},
    {"POST",   "/account/second-factor/drop",      account,   our_pages, fields,  any_time, sign_in, pages::drop_second_factor},
    {"GET",    "/accounts",                        admin,     any_page,  nothing, recently, never,   pages::show_accounts},
    {"POST",   "/accounts",                        admin,     our_pages, fields,  recently, never,   pages::add_account},
    {"GET",    "/audit",                           admin,     any_page,  nothing, any_time, search,  pages::show_audit},
    {"GET",    "/audit.ndjson",                    admin,     any_page,  nothing, recently, search,  pages::export_audit},
    {"POST",   "/accounts/{id}",                   admin,     our_pages, fields,  recently, never,   pages::change_account},

    {"GET",    "/static/{digest}/{name}",          anyone,    any_host,  nothing, any_time, never,   pages::serve_static},
    {"GET",    "/favicon.ico",                     anyone,    any_page,  nothing, any_time, never,   pages::redirect_favicon},

    // For operators and monitoring.
    {"GET",    "/livez",                           anyone,    any_host,  nothing, any_time, never,   probes::get_livez},
    {"GET",    "/readyz",                          anyone,    any_host,  nothing, any_time, never,   probes::get_readyz},
    {"GET",    "/healthz",                         operator_, any_page,  nothing, any_time, never,   probes::get_healthz},
    {"GET",    "/metrics",                         operator_, any_host,  nothing, any_time, never,   probes::get_metrics},
};
// clang-format on

}  // namespace

std::span<const route> all_routes() {
  return table;
}

}  // namespace dossier::web
