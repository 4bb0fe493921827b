#include "web/pages/views.h"

#include <utility>

#include <fmt/format.h>

#include "base/characters.h"
#include "base/expects.h"
#include "domain/validation.h"
#include "web/pages/field_parts.h"
#include "web/pages/form_fields.h"
#include "web/pages/page.h"
#include "web/pages/person_parts.h"
#include "web/pages/words.h"
#include "web/problem.h"
#include "web/routes.h"

namespace dossier::web {
namespace {

awaitable<http::response> ask(const context& ctx, routed_request in, bool changed) {
  auto who = co_await find_person(ctx, in);
  if (!who) co_return error_response(in.http, who.error());
  auto frame = frame_of(ctx, in.from, "Delete " + base::isolated(who->details.name()), "people");
  co_return html_answer(changed ? status_of(base::error_code::stale) : 200,
                        render_delete_page(std::move(frame), *who, changed));
}

}  // namespace

std::string render_delete_page(page_frame frame, const domain::person& who, bool changed) {
  frame.has_errors = changed;
  page out("delete.html", frame);
  auto body = out.body();
  fill_details(body, who);
  fill_detail_list(body, who.details);
  fill_avatar(body, who);
  body.set("VERSION", who.version);
  if (changed) body.show("CHANGED");
  if (who.file_count > 0) body.set_and_show("FILES_IN_WORDS", files_in_words(who), "WITH_FILES");
  return out.render();
}

awaitable<http::response> pages::ask_to_delete(const context& ctx, routed_request in) {
  return ask(ctx, std::move(in), false);
}

awaitable<http::response> pages::delete_record(const context& ctx, routed_request in) {
  auto fields = co_await read_form_fields(in.http, in.field_bytes);
  if (!fields) co_return error_response(in.http, fields.error());
  const auto id = domain::parse_id(in.captures.at(0));
  if (!id) co_return error_response(in.http, {.status = 404, .detail = "There is no such record."});
  const auto version = domain::parse_id(field_or_empty(*fields, "version"));
  if (!version) co_return co_await ask(ctx, std::move(in), false);
  auto removed = co_await ctx.people.remove({*id}, version, in.actor());
  if (removed) co_return see_other("/people?deleted");
  if (removed.error().code == base::error_code::stale) co_return co_await ask(ctx, std::move(in), true);
  co_return error_response(in.http, removed.error());
}

namespace {

awaitable<base::result<domain::file>> find_file(const context& ctx, const routed_request& in) {
  base::expects(!in.captures.empty(), "the route has the file's id");
  const auto id = domain::parse_id(in.captures.at(0));
  if (!id) co_return base::fail(base::error_code::not_found, "There is no such file.");
  auto file = co_await ctx.people.find_file({*id});
  if (!file && file.error().code == base::error_code::not_found)
    co_return base::fail(base::error_code::not_found, "There is no such file any more.");
  co_return file;
}

}  // namespace

std::string render_remove_file_page(const page_frame& frame, const domain::file& file,
                                    const domain::person& owner, const shown_files& from) {
  page out("remove_file.html", frame);
  auto body = out.body();
  fill_details(body, owner);
  body.set("FILE_NAME", base::plain_file_name(file.name));
  body.set("SIZE", human_size(file.size));
  auto query = query_of(from);
  if (!query.empty()) query.insert(0, "?");
  body.set("ACTION", fmt::format("/files/{}/remove{}", file.id.value, query));
  body.set("BACK_URL", person_address(owner.id) + query);
  if (owner.photo == file.id) body.show("IS_PHOTO");
  return out.render();
}

awaitable<http::response> pages::ask_to_remove_file(const context& ctx, routed_request in) {
  auto file = co_await find_file(ctx, in);
  if (!file) co_return error_response(in.http, file.error());
  auto owner = co_await ctx.people.find(file->person);
  if (!owner) co_return error_response(in.http, owner.error());
  auto frame =
      frame_of(ctx, in.from, "Remove " + base::isolated(base::plain_file_name(file->name)), "people");
  co_return html_answer(200, render_remove_file_page(frame, *file, *owner, read_shown_files(in.http.query)));
}

awaitable<http::response> pages::remove_file(const context& ctx, routed_request in) {
  auto file = co_await find_file(ctx, in);
  if (!file) co_return error_response(in.http, file.error());
  auto removed = co_await ctx.people.remove_file(file->id, in.actor());
  if (!removed) co_return error_response(in.http, removed.error());
  const auto from = query_of(read_shown_files(in.http.query));
  co_return see_other(person_address(file->person) + "?removed" + (from.empty() ? "" : "&" + from));
}

}  // namespace dossier::web
