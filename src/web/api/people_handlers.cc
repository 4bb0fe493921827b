#include <algorithm>
#include <optional>
#include <utility>

#include "base/sizes.h"
#include "http/multipart.h"
#include "web/api/handlers.h"
#include "web/api/list_query.h"
#include "web/api/preconditions.h"
#include "web/api/resources.h"
#include "web/json_body.h"
#include "web/problem.h"
#include "web/receive_submission.h"

namespace dossier::web::api {
namespace {

// How often a change that may go ahead "whatever it is now" is tried again when another one comes between.
constexpr int unconditional_tries = 5;

http::response no_such_person(const http::request& req) {
  return problem_response(req.id, problem{404, "There is no person with this number."});
}

http::response wrong_media_type(const http::request& req, std::string_view right) {
  return problem_response(req.id, problem{415, "Send the body as " + std::string(right) + "."});
}

std::optional<domain::person_id> person_of(const routed_request& routed) {
  const auto id = path_id(routed.captures.front());
  return id ? std::optional(domain::person_id{*id}) : std::nullopt;
}

// The version a change may be made to; nothing: any. An error when If-Match is absent or matches nothing.
using expected_version = std::optional<std::int64_t>;

awaitable<std::expected<expected_version, problem>> check_if_match(const http::request& req,
                                                                   const context& ctx, domain::person_id id) {
  const auto header = req.header("if-match");
  if (!header) co_return std::unexpected(precondition_required());
  const auto expected = parse_if_match(*header);
  if (expected.any) co_return expected_version();
  // The usual case; the store compares in the transaction that changes.
  if (expected.versions.size() == 1) co_return expected_version(expected.versions.front());
  auto current = co_await ctx.people.find(id);
  if (!current) co_return std::unexpected(describe(current.error()));
  if (std::ranges::find(expected.versions, current->version) == expected.versions.end()) {
    co_return std::unexpected(precondition_failed());
  }
  co_return expected_version(current->version);
}

// The domain's `stale` in the API's words.
problem describe_change(const base::error& failed) {
  return failed.code == base::error_code::stale ? precondition_failed() : describe(failed);
}

awaitable<std::expected<domain::details_draft, problem>> read_change(http::request& req, const context& ctx) {
  const auto limit = ctx.settings.field_bytes;
  if (req.content_length && *req.content_length > limit) {
    co_return std::unexpected(problem{413, "The body is longer than " + base::size_limit(limit) + "."});
  }
  auto text = co_await http::read_all(req.body(), limit);
  if (!text) co_return std::unexpected(describe(text.error()));
  auto parsed = parse_details(*text);
  if (!parsed) co_return std::unexpected(describe(parsed.error()));
  if (!parsed->wrong.empty()) co_return std::unexpected(describe(all_errors(*parsed, false)));
  co_return std::move(parsed->draft);
}

awaitable<base::result<domain::person>> apply_change(const context& ctx, domain::person_id id,
                                                     domain::details_draft change,
                                                     expected_version expected) {
  for (int attempt = 1;; ++attempt) {
    auto edited = co_await ctx.people.edit(id, change, expected);
    const bool overtaken = !edited && edited.error().code == base::error_code::stale && !expected;
    if (!overtaken) co_return edited;
    if (attempt == unconditional_tries) {
      co_return base::fail(base::error_code::conflict, "This record is being changed by others; try again.");
    }
  }
}

http::response created(const domain::person& who) {
  auto answer = person_response(201, who);
  answer.set("Location", "/api/v1/people/" + std::to_string(who.id.value));
  return answer;
}

}  // namespace

awaitable<http::response> create_person(const context& ctx, routed_request routed) {
  auto& req = routed.http;
  const auto type = media_type_of(req);
  if (type != "multipart/form-data" && type != "application/json") {
    co_return wrong_media_type(req, "multipart/form-data, or as application/json when there are no files");
  }
  auto received = co_await receive_submission(req, ctx, std::nullopt, true);
  if (!received.outcome) co_return problem_response(req.id, received.outcome.error());
  co_return created(received.outcome->person);
}

awaitable<http::response> add_files(const context& ctx, routed_request routed) {
  auto& req = routed.http;
  const auto id = person_of(routed);
  if (!id) co_return no_such_person(req);
  if (media_type_of(req) != "multipart/form-data") co_return wrong_media_type(req, "multipart/form-data");
  // Before gigabytes are taken in for nobody.
  auto known = co_await ctx.people.find(*id);
  if (!known) co_return problem_response(req.id, known.error());
  auto received = co_await receive_submission(req, ctx, *id, false);
  if (!received.outcome) co_return problem_response(req.id, received.outcome.error());
  co_return created(received.outcome->person);
}

awaitable<http::response> list_people(const context& ctx, routed_request routed) {
  auto& req = routed.http;
  auto query = parse_people_query(req.query);
  if (!query) co_return problem_response(req.id, query.error());
  query->asker = req.caller();
  auto page = co_await ctx.people.list(std::move(*query));
  if (!page) co_return problem_response(req.id, page.error());
  co_return json_response(200, people_json(*page));
}

awaitable<http::response> get_person(const context& ctx, routed_request routed) {
  auto& req = routed.http;
  const auto id = person_of(routed);
  if (!id) co_return no_such_person(req);
  auto found = co_await ctx.people.find(*id);
  if (!found) co_return problem_response(req.id, found.error());
  if (auto known = unchanged(req, etag_of(*found))) co_return std::move(*known);
  co_return person_response(200, *found);
}

awaitable<http::response> edit_person(const context& ctx, routed_request routed) {
  auto& req = routed.http;
  const auto id = person_of(routed);
  if (!id) co_return no_such_person(req);
  const auto type = media_type_of(req);
  if (type != "application/json" && type != "application/merge-patch+json") {
    co_return wrong_media_type(req, "application/merge-patch+json or application/json");
  }
  auto expected = co_await check_if_match(req, ctx, *id);
  if (!expected) co_return problem_response(req.id, expected.error());
  auto change = co_await read_change(req, ctx);
  if (!change) co_return problem_response(req.id, change.error());
  auto edited = co_await apply_change(ctx, *id, std::move(*change), *expected);
  if (!edited) co_return problem_response(req.id, describe_change(edited.error()));
  co_return person_response(200, *edited);
}

awaitable<http::response> delete_person(const context& ctx, routed_request routed) {
  auto& req = routed.http;
  const auto id = person_of(routed);
  if (!id) co_return no_such_person(req);
  auto expected = co_await check_if_match(req, ctx, *id);
  if (!expected) co_return problem_response(req.id, expected.error());
  auto removed = co_await ctx.people.remove(*id, *expected);
  if (!removed) co_return problem_response(req.id, describe_change(removed.error()));
  http::response gone;
  gone.status = 204;
  co_return gone;
}

}  // namespace dossier::web::api
