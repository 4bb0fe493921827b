#include "web/pages/remove_file_page.h"

#include <fmt/format.h>

#include <utility>

#include "base/direction.h"
#include "domain/validation.h"
#include "web/error_response.h"
#include "web/pages/answer.h"
#include "web/pages/person_parts.h"
#include "web/pages/words.h"
#include "web/readable_text.h"

namespace dossier::web {
namespace {

awaitable<base::result<domain::file>> find_file(const context& ctx, const routed_request& in) {
  const auto id = domain::parse_id(in.captures.at(0));
  if (!id) co_return base::fail(base::error_code::not_found, "There is no such file.");
  auto file = co_await ctx.people.find_file({*id});
  if (!file && file.error().code == base::error_code::not_found)
    co_return base::fail(base::error_code::not_found, "There is no such file any more.");
  co_return file;
}

awaitable<http::response> ask(const context& ctx, routed_request in) {
  auto file = co_await find_file(ctx, in);
  if (!file) co_return error_response(in.http, file.error());
  auto owner = co_await ctx.people.find(file->person);
  if (!owner) co_return error_response(in.http, owner.error());
  auto frame = frame_of(ctx, "Remove " + base::isolated(plain_file_name(file->name)), "people");
  co_return html_answer(200, render_remove_file_page(frame, *file, *owner, read_shown_files(in.http.query)));
}

awaitable<http::response> remove(const context& ctx, routed_request in) {
  auto file = co_await find_file(ctx, in);
  if (!file) co_return error_response(in.http, file.error());
  auto removed = co_await ctx.people.remove_file(file->id);
  if (!removed) co_return error_response(in.http, removed.error());
  const auto from = query_of(read_shown_files(in.http.query));
  co_return see_other(person_address(file->person) + "?removed" + (from.empty() ? "" : "&" + from));
}

}  // namespace

std::string render_remove_file_page(const page_frame& frame, const domain::file& file,
                                    const domain::person& owner, const shown_files& from) {
  page out("remove_file.html", frame);
  auto body = out.body();
  fill_details(body, owner);
  body.set("FILE_NAME", plain_file_name(file.name));
  body.set("SIZE", human_size(file.size));
  auto query = query_of(from);
  if (!query.empty()) query.insert(0, "?");
  body.set("ACTION", fmt::format("/files/{}/remove{}", file.id.value, query));
  body.set("BACK_URL", person_address(owner.id) + query);
  if (owner.photo == file.id) body.show("IS_PHOTO");
  return out.render();
}

std::vector<route> remove_file_routes(const context& ctx) {
  return {
      {"GET", "/files/{id}/remove",
       [&ctx](routed_request in) {
         return ask(ctx, std::move(in));
       }},
      {"POST", "/files/{id}/remove",
       [&ctx](routed_request in) {
         return remove(ctx, std::move(in));
       }},
  };
}

}  // namespace dossier::web
