#include <optional>
#include <utility>

#include "http/conditional.h"
#include "web/api/handlers.h"
#include "web/api/list_query.h"
#include "web/api/preconditions.h"
#include "web/api/resources.h"
#include "web/content.h"
#include "web/problem.h"

namespace dossier::web::api {
namespace {

awaitable<base::result<domain::file>> find_file(const context& ctx, const routed_request& routed) {
  const auto id = path_id(routed.captures.front());
  if (!id) co_return base::fail(base::error_code::not_found, "There is no file with this number.");
  co_return co_await ctx.people.find_file({*id});
}

}  // namespace

awaitable<http::response> get_file(const context& ctx, routed_request routed) {
  auto& req = routed.http;
  auto found = co_await find_file(ctx, routed);
  if (!found) co_return problem_response(req.id, found.error());
  auto etag = etag_of(*found);
  if (auto known = unchanged(req, etag)) co_return std::move(*known);
  auto answer = json_response(200, file_json(*found));
  answer.set("ETag", std::move(etag));
  co_return answer;
}

awaitable<http::response> delete_file(const context& ctx, routed_request routed) {
  auto& req = routed.http;
  const auto expected = req.header("if-match");
  if (!expected) co_return problem_response(req.id, precondition_required());
  auto found = co_await find_file(ctx, routed);
  if (!found) co_return problem_response(req.id, found.error());
  if (auto wrong = misspelled_if_match(*expected, etag_of(*found)))
    co_return problem_response(req.id, *wrong);
  // The bytes under an id never change: what was compared here is what is deleted below.
  if (!http::etag_listed(*expected, etag_of(*found), false))
    co_return problem_response(req.id, precondition_failed());
  auto removed = co_await ctx.people.remove_file(found->id);
  if (!removed) co_return problem_response(req.id, removed.error());
  http::response gone;
  gone.status = 204;
  co_return gone;
}

awaitable<http::response> get_content(const context& ctx, routed_request routed) {
  auto& req = routed.http;
  auto found = co_await find_file(ctx, routed);
  if (!found) co_return problem_response(req.id, found.error());
  const bool download = req.query == "download" || req.query.starts_with("download=");
  co_return co_await deliver_content(req, ctx, std::move(*found), download);
}

awaitable<http::response> list_catalog(const context& ctx, routed_request routed) {
  auto& req = routed.http;
  auto query = parse_catalog_query(req.query);
  if (!query) co_return problem_response(req.id, query.error());
  auto page =
      co_await ctx.people.files_by_author(std::move(query->author), std::move(query->cursor), query->limit);
  if (!page) co_return problem_response(req.id, page.error());
  co_return json_response(200, catalog_json(*page));
}

}  // namespace dossier::web::api
