// What each route of the API does: parse, check, call the domain, render. The table is in api_routes.cc.
#pragma once

#include "base/async.h"
#include "http/message.h"
#include "web/context.h"
#include "web/router.h"

namespace dossier::web::api {

awaitable<http::response> create_person(const context& ctx, routed_request routed);
awaitable<http::response> list_people(const context& ctx, routed_request routed);
awaitable<http::response> get_person(const context& ctx, routed_request routed);
awaitable<http::response> edit_person(const context& ctx, routed_request routed);
awaitable<http::response> delete_person(const context& ctx, routed_request routed);
awaitable<http::response> list_files(const context& ctx, routed_request routed);
awaitable<http::response> add_files(const context& ctx, routed_request routed);

awaitable<http::response> get_file(const context& ctx, routed_request routed);
awaitable<http::response> delete_file(const context& ctx, routed_request routed);
awaitable<http::response> get_content(const context& ctx, routed_request routed);
awaitable<http::response> list_catalog(const context& ctx, routed_request routed);

// The answers show bytes of `api`, which outlives them.
class published_api;
awaitable<http::response> get_openapi(published_api& api);
awaitable<http::response> get_api_page(published_api& api);

}  // namespace dossier::web::api
