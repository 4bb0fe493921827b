#include <utility>

#include "base/characters.h"
#include "web/pages/form_fields.h"
#include "web/pages/page.h"
#include "web/pages/person_parts.h"
#include "web/pages/views.h"
#include "web/problem.h"
#include "web/routes.h"

namespace dossier::web {
namespace {

domain::details_draft draft_of(const std::vector<http::name_value>& fields) {
  domain::details_draft typed;
  for (std::size_t i = 0; i < typed.size(); ++i) {
    if (const auto value = http::find(fields, domain::detail_fields()[i].name))
      typed[i] = std::string(*value);
  }
  return typed;
}

awaitable<std::string> render_edit(const context& ctx, const visitor& from, domain::person who,
                                   edit_form form, std::optional<base::error> problem) {
  auto record = co_await view_record(ctx, std::move(who));
  record.offered = co_await read_suggestions(ctx);
  record.editing = std::move(form);
  record.problem = std::move(problem);
  auto frame = frame_of(ctx, from, "Edit " + base::isolated(record.who.details.name()), "people");
  co_return render_record_page(std::move(frame), record);
}

// The same page again: what was typed, what is wrong and, if someone else was faster, what is stored now.
awaitable<http::response> show_refused_edit(const context& ctx, routed_request in,
                                            domain::details_draft typed, base::error problem) {
  auto current = co_await find_person(ctx, in);
  // That the change may have been saved is more important than why the record cannot be shown.
  if (!current) co_return error_response(in.http, problem.may_have_happened ? problem : current.error());
  const bool stale = problem.code == base::error_code::stale;
  if (stale)
    problem.message =
        "This record was changed after you opened it. Compare what you typed with what is stored now, then "
        "save.";
  const auto what = describe(problem);
  edit_form form{.typed = std::move(typed), .stale = stale};
  auto answer = html_answer(
      what.status, co_await render_edit(ctx, in.from, std::move(*current), std::move(form), problem));
  set_retry_after(answer, what);
  co_return answer;
}

}  // namespace

awaitable<http::response> pages::show_edit(const context& ctx, routed_request in) {
  auto who = co_await find_person(ctx, in);
  if (!who) co_return error_response(in.http, who.error());
  co_return html_answer(200, co_await render_edit(ctx, in.from, std::move(*who), {}, std::nullopt));
}

awaitable<http::response> pages::save_edit(const context& ctx, routed_request in) {
  auto fields = co_await read_form_fields(in.http, in.field_bytes);
  if (!fields) co_return error_response(in.http, fields.error());
  const auto id = domain::parse_id(in.captures.at(0));
  if (!id) co_return error_response(in.http, {.status = 404, .detail = "There is no such record."});
  auto typed = draft_of(*fields);
  const auto version = domain::parse_id(field_or_empty(*fields, "version"));
  if (!version)
    co_return error_response(in.http,
                             {.status = 400, .detail = "The form was incomplete: its version is missing."});
  auto saved = co_await ctx.people.edit({*id}, typed, version, in.actor());
  if (saved) co_return see_other(person_address(saved->id) + "?saved");
  co_return co_await show_refused_edit(ctx, std::move(in), std::move(typed), std::move(saved.error()));
}

}  // namespace dossier::web
