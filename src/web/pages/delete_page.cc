#include "web/pages/delete_page.h"

#include <utility>

#include "base/direction.h"
#include "domain/validation.h"
#include "web/error_response.h"
#include "web/pages/answer.h"
#include "web/pages/form_fields.h"
#include "web/pages/person_parts.h"
#include "web/pages/record_page.h"

namespace dossier::web {
namespace {

awaitable<http::response> ask(const context& ctx, routed_request in, bool changed) {
  auto who = co_await find_person(ctx, in);
  if (!who) co_return error_response(in.http, who.error());
  auto frame = frame_of(ctx, "Delete " + base::isolated(who->details.name), "people");
  co_return html_answer(changed ? status_of(base::error_code::stale) : 200,
                        render_delete_page(std::move(frame), *who, changed));
}

awaitable<http::response> remove(const context& ctx, routed_request in) {
  auto fields = co_await read_form_fields(in.http, ctx.settings.field_bytes);
  if (!fields) co_return error_response(in.http, fields.error());
  const auto id = domain::parse_id(in.captures.at(0));
  if (!id) co_return error_response(in.http, {.status = 404, .detail = "There is no such record."});
  const auto version = domain::parse_id(field_or_empty(*fields, "version"));
  if (!version) co_return co_await ask(ctx, std::move(in), false);
  auto removed = co_await ctx.people.remove({*id}, *version);
  if (removed) co_return see_other("/people?deleted");
  if (removed.error().code == base::error_code::stale) co_return co_await ask(ctx, std::move(in), true);
  co_return error_response(in.http, removed.error());
}

}  // namespace

std::string render_delete_page(page_frame frame, const domain::person& who, bool changed) {
  frame.has_errors = changed;
  page out("delete.html", frame);
  auto body = out.body();
  fill_details(body, who);
  fill_avatar(body, who);
  body.set("VERSION", who.version);
  if (changed) body.show("CHANGED");
  if (who.file_count > 0) body.set_and_show("FILES_IN_WORDS", files_in_words(who), "WITH_FILES");
  return out.render();
}

std::vector<route> delete_routes(const context& ctx) {
  return {
      {"GET", "/people/{id}/delete",
       [&ctx](routed_request in) {
         return ask(ctx, std::move(in), false);
       }},
      {"POST", "/people/{id}/delete",
       [&ctx](routed_request in) {
         return remove(ctx, std::move(in));
       }},
  };
}

}  // namespace dossier::web
