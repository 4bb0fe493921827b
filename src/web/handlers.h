// What each route does: parse, check, call the domain, render. Which route that is: routes.cc.
#pragma once

#include "base/async.h"
#include "http/message.h"
#include "web/context.h"
#include "web/router.h"

// `ctx` outlives the answer.
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

// The process answers; nothing else is asked, so that a store that is away does not get it restarted.
awaitable<http::response> get_livez(const context& ctx, routed_request in);
// Shallow too: whether to send requests here. All nodes share the stores, so one that is away would take all
// of them out at once.
awaitable<http::response> get_readyz(const context& ctx, routed_request in);
// How each store is.
awaitable<http::response> get_healthz(const context& ctx, routed_request in);
awaitable<http::response> get_metrics(const context& ctx, routed_request in);

}  // namespace dossier::web::probes
