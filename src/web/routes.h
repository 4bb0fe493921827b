// All routes of Dossier in one table (routes.cc), and their handlers: pages, API, and the endpoints for
// operators. Each handler parses, checks, calls the domain and renders the answer. `ctx` must outlive the
// answer.
#pragma once

#include <span>

#include "base/async.h"
#include "http/message.h"
#include "web/context.h"
#include "web/router.h"

namespace dossier::web::pages {

awaitable<http::response> show_form(const context& ctx, routed_request in);
awaitable<http::response> submit(const context& ctx, routed_request in);
awaitable<http::response> show_submitted(const context& ctx, routed_request in);
awaitable<http::response> show_look_up(const context& ctx, routed_request in);
awaitable<http::response> answer_look_up(const context& ctx, routed_request in);
awaitable<http::response> show_directory(const context& ctx, routed_request in);
awaitable<http::response> show_record(const context& ctx, routed_request in);
awaitable<http::response> add_files(const context& ctx, routed_request in);
awaitable<http::response> show_edit(const context& ctx, routed_request in);
awaitable<http::response> save_edit(const context& ctx, routed_request in);
awaitable<http::response> ask_to_delete(const context& ctx, routed_request in);
awaitable<http::response> delete_record(const context& ctx, routed_request in);
awaitable<http::response> ask_to_remove_file(const context& ctx, routed_request in);
awaitable<http::response> remove_file(const context& ctx, routed_request in);
awaitable<http::response> show_catalog(const context& ctx, routed_request in);
awaitable<http::response> show_sign_in(const context& ctx, routed_request in);
awaitable<http::response> begin_session(const context& ctx, routed_request in);
awaitable<http::response> show_code(const context& ctx, routed_request in);
awaitable<http::response> use_code(const context& ctx, routed_request in);
awaitable<http::response> show_confirm(const context& ctx, routed_request in);
awaitable<http::response> confirm(const context& ctx, routed_request in);
awaitable<http::response> show_second_factor(const context& ctx, routed_request in);
awaitable<http::response> set_second_factor(const context& ctx, routed_request in);
awaitable<http::response> make_recovery_codes(const context& ctx, routed_request in);
awaitable<http::response> drop_second_factor(const context& ctx, routed_request in);
awaitable<http::response> end_session(const context& ctx, routed_request in);
awaitable<http::response> follow_link(const context& ctx, routed_request in);
awaitable<http::response> show_welcome(const context& ctx, routed_request in);
awaitable<http::response> use_link(const context& ctx, routed_request in);
awaitable<http::response> follow_set_up(const context& ctx, routed_request in);
awaitable<http::response> show_set_up(const context& ctx, routed_request in);
awaitable<http::response> use_set_up(const context& ctx, routed_request in);
awaitable<http::response> show_receipt(const context& ctx, routed_request in);
awaitable<http::response> show_received(const context& ctx, routed_request in);
awaitable<http::response> show_account(const context& ctx, routed_request in);
awaitable<http::response> change_password(const context& ctx, routed_request in);
awaitable<http::response> end_sessions(const context& ctx, routed_request in);
awaitable<http::response> change_tokens(const context& ctx, routed_request in);
awaitable<http::response> show_accounts(const context& ctx, routed_request in);
awaitable<http::response> add_account(const context& ctx, routed_request in);
awaitable<http::response> change_account(const context& ctx, routed_request in);
awaitable<http::response> show_audit(const context& ctx, routed_request in);
awaitable<http::response> export_audit(const context& ctx, routed_request in);
awaitable<http::response> serve_static(const context& ctx, routed_request in);
awaitable<http::response> redirect_favicon(const context& ctx, routed_request in);

}  // namespace dossier::web::pages

namespace dossier::web::api {

awaitable<http::response> create_person(const context& ctx, routed_request in);
awaitable<http::response> list_people(const context& ctx, routed_request in);
awaitable<http::response> get_person(const context& ctx, routed_request in);
awaitable<http::response> edit_person(const context& ctx, routed_request in);
awaitable<http::response> delete_person(const context& ctx, routed_request in);
awaitable<http::response> list_files(const context& ctx, routed_request in);
awaitable<http::response> add_files(const context& ctx, routed_request in);
awaitable<http::response> get_file(const context& ctx, routed_request in);
awaitable<http::response> delete_file(const context& ctx, routed_request in);
awaitable<http::response> get_content(const context& ctx, routed_request in);
awaitable<http::response> list_catalog(const context& ctx, routed_request in);
awaitable<http::response> get_openapi(const context& ctx, routed_request in);
awaitable<http::response> get_api_page(const context& ctx, routed_request in);

}  // namespace dossier::web::api

namespace dossier::web::probes {

// 200 as long as the process answers. It asks no store: the process must not be restarted because a store
// cannot be reached.
awaitable<http::response> get_livez(const context& ctx, routed_request in);
// 200 if requests may be sent to this process, otherwise 503. It asks no store either: all nodes share the
// stores, so a store that cannot be reached would take all nodes out of service at once.
awaitable<http::response> get_readyz(const context& ctx, routed_request in);
// The health of each store.
awaitable<http::response> get_healthz(const context& ctx, routed_request in);
awaitable<http::response> get_metrics(const context& ctx, routed_request in);

}  // namespace dossier::web::probes

namespace dossier::web {

// The first route whose path and method match answers. Each row says who may use the route, which pages may
// send requests to it, what its body may hold, and how often one client may send it; frame.cc enforces that.
std::span<const route> all_routes();

}  // namespace dossier::web
