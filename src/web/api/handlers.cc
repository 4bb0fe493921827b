
#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/expects.h"
#include "base/sizes.h"
#include "http/conditional.h"
#include "http/multipart.h"
#include "web/api/list_query.h"
#include "web/api/resources.h"
#include "web/content.h"
#include "web/json_body.h"
#include "web/problem.h"
#include "web/receive_submission.h"
#include "web/routes.h"

namespace dossier::web::api {
namespace {

// How many times a change with If-Match: * is tried when others change the same record meanwhile.
constexpr int unconditional_tries = 5;

http::response no_such_person(const http::request& req) {
  return problem_response(req.id, problem{404, "There is no person with this number."});
}

http::response wrong_media_type(const http::request& req, std::string_view right) {
  return problem_response(req.id, problem{415, "Send the body as " + std::string(right) + "."});
}

std::optional<domain::person_id> person_of(const routed_request& routed) {
  base::expects(!routed.captures.empty(), "the route has the person's id");
  const auto id = path_id(routed.captures.front());
  return id ? std::optional(domain::person_id{*id}) : std::nullopt;
}

// The version that may be changed; empty: any version. An error when If-Match is absent or matches nothing.
using expected_version = std::optional<std::int64_t>;

awaitable<std::expected<expected_version, problem>> check_if_match(const http::request& req,
                                                                   const context& ctx, domain::person_id id) {
  const auto header = req.header("if-match");
  if (!header) co_return std::unexpected(precondition_required());
  if (auto wrong = misspelled_if_match(*header, R"("3")")) co_return std::unexpected(std::move(*wrong));
  const auto expected = parse_if_match(*header);
  if (expected.any) co_return expected_version();
  // The usual case. The store compares the version in the transaction that makes the change.
  if (expected.versions.size() == 1) co_return expected_version(expected.versions.front());
  auto current = co_await ctx.people.find(id);
  if (!current) co_return std::unexpected(describe(current.error()));
  if (std::ranges::find(expected.versions, current->version) == expected.versions.end()) {
    co_return std::unexpected(precondition_failed());
  }
  co_return expected_version(current->version);
}

// As describe(), but `stale` gets the API's own words.
problem describe_change(const base::error& failed) {
  return failed.code == base::error_code::stale ? precondition_failed() : describe(failed);
}

// A client may send the whole record as it read it, with other details. The members that cannot be changed
// must then have their present values.
awaitable<std::optional<problem>> check_read_only(const context& ctx, domain::person_id id,
                                                  expected_version expected, std::string_view sent,
                                                  std::span<const std::string> read_only) {
  if (read_only.empty()) co_return std::nullopt;
  auto current = co_await ctx.people.find(id);
  if (!current) co_return describe(current.error());
  if (expected && current->version != *expected) co_return precondition_failed();
  std::string json;
  append_person(json, *current);
  base::error changed{base::error_code::invalid, "Some members cannot be changed."};
  for (auto& member : members_that_differ(sent, json, read_only)) {
    changed.fields.push_back(
        {std::move(member), "Leave this out, or send it as it was read: it cannot be changed here"});
  }
  if (changed.fields.empty()) co_return std::nullopt;
  co_return describe(changed);
}

awaitable<std::expected<domain::details_draft, problem>> read_change(const routed_request& routed,
                                                                     const context& ctx, domain::person_id id,
                                                                     expected_version expected) {
  auto& req = routed.http;
  const auto limit = routed.field_bytes;
  if (req.content_length && *req.content_length > limit) {
    co_return std::unexpected(problem{413, "The body is longer than " + base::size_limit(limit) + "."});
  }
  auto text = co_await http::read_all(req.body(), limit);
  if (!text) co_return std::unexpected(describe(text.error()));
  auto parsed = parse_details(*text, read_only_members);
  if (!parsed) co_return std::unexpected(describe(parsed.error()));
  if (!parsed->wrong.empty()) co_return std::unexpected(describe(all_errors(*parsed, false)));
  auto changed = co_await check_read_only(ctx, id, expected, *text, parsed->read_only);
  if (changed) co_return std::unexpected(std::move(*changed));
  co_return std::move(parsed->draft);
}

awaitable<base::result<domain::person>> apply_change(const context& ctx, domain::person_id id,
                                                     domain::details_draft change, expected_version expected,
                                                     domain::actor by) {
  for (int attempt = 1;; ++attempt) {
    auto edited = co_await ctx.people.edit(id, change, expected, by);
    const bool overtaken = !edited && edited.error().code == base::error_code::stale && !expected;
    if (!overtaken) co_return edited;
    if (attempt == unconditional_tries) {
      co_return base::fail(base::error_code::conflict, "This record is being changed by others; try again.");
    }
  }
}

// `may_read`: whoever sent this may see the record. Others see it only as they sent it: when it was stored
// before with the same key and changed since, they get its number.
http::response answer_to(const http::request& req, const base::result<domain::submission_outcome>& outcome,
                         bool may_read = true) {
  if (!outcome) return problem_response(req.id, outcome.error());
  const auto address = "/api/v1/people/" + std::to_string(outcome->person.id.value);
  if (outcome->unread) {
    // The person is stored; only the attempt to read them has failed.
    auto what = describe(*outcome->unread);
    what.status = 503;
    what.detail = "This was stored before, as " + address + ", which cannot be read at this moment.";
    return problem_response(req.id, what);
  }
  const bool shown = may_read || outcome->person.version == domain::first_version;
  auto answer = shown ? person_response(201, outcome->person)
                      : json_response(201, fmt::format("{{\"id\":{}}}", outcome->person.id.value));
  answer.set("Location", address);
  return answer;
}

}  // namespace

awaitable<http::response> create_person(const context& ctx, routed_request routed) {
  auto& req = routed.http;
  const auto type = media_type_of(req);
  if (type != "multipart/form-data" && type != "application/json") {
    co_return wrong_media_type(req, "multipart/form-data, or as application/json when there are no files");
  }
  auto received = co_await receive_submission(req, ctx, std::nullopt, sender::program, routed.actor());
  const bool may_read = may_use(routed.from, who::viewer, false);
  auto answer = answer_to(req, received.outcome, may_read);
  if (received.outcome && !may_read) {
    if (const auto secret = co_await ctx.intake.make_receipt(received.outcome->person.id); !secret.empty())
      answer.set("Link", fmt::format("</receipts/{}>; rel=\"describedby\"", secret));
  }
  co_return answer;
}

awaitable<http::response> add_files(const context& ctx, routed_request routed) {
  auto& req = routed.http;
  const auto id = person_of(routed);
  if (!id) co_return no_such_person(req);
  if (media_type_of(req) != "multipart/form-data") co_return wrong_media_type(req, "multipart/form-data");
  auto received = co_await receive_submission(req, ctx, id, sender::program, routed.actor());
  co_return answer_to(req, received.outcome);
}

awaitable<http::response> list_files(const context& ctx, routed_request routed) {
  auto& req = routed.http;
  const auto id = person_of(routed);
  if (!id) co_return no_such_person(req);
  auto query = parse_files_query(req.query, *id);
  if (!query) co_return problem_response(req.id, query.error());
  auto page = co_await ctx.people.list_files(*query);
  if (!page) co_return problem_response(req.id, page.error());
  co_return json_response(200, files_json(*page, *query));
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
  auto change = co_await read_change(routed, ctx, *id, *expected);
  if (!change) co_return problem_response(req.id, change.error());
  auto edited = co_await apply_change(ctx, *id, std::move(*change), *expected, routed.actor());
  if (!edited) co_return problem_response(req.id, describe_change(edited.error()));
  co_return person_response(200, *edited);
}

awaitable<http::response> delete_person(const context& ctx, routed_request routed) {
  auto& req = routed.http;
  const auto id = person_of(routed);
  if (!id) co_return no_such_person(req);
  auto expected = co_await check_if_match(req, ctx, *id);
  if (!expected) co_return problem_response(req.id, expected.error());
  auto removed = co_await ctx.people.remove(*id, *expected, routed.actor());
  if (!removed) co_return problem_response(req.id, describe_change(removed.error()));
  http::response gone;
  gone.status = 204;
  co_return gone;
}

namespace {

awaitable<base::result<domain::file>> find_file(const context& ctx, const routed_request& routed) {
  base::expects(!routed.captures.empty(), "the route has the file's id");
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
  auto removed = co_await ctx.people.remove_file(found->id, routed.actor());
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
