#include "web/pages/views.h"

#include "domain/validation.h"
#include "web/field_words.h"
#include "web/pages/error_page.h"
#include "web/pages/field_parts.h"
#include "web/pages/form_fields.h"
#include "web/pages/page.h"
#include "web/pages/person_parts.h"
#include "web/problem.h"
#include "web/routes.h"

namespace dossier::web {
namespace {

base::error not_a_number() {
  return {.code = base::error_code::invalid,
          .message = "That is not a record number.",
          .fields = {{"employee_id", "Enter the record's number: a whole number, like 1042"}}};
}

base::error no_such_record(std::int64_t id) {
  return {.code = base::error_code::not_found,
          .message = "There is no record no. " + std::to_string(id) + ".",
          .fields = {{"employee_id", "There is no record no. " + std::to_string(id) +
                                         ". Check the number, or search by name"}}};
}

awaitable<employee_view> look_up(const context& ctx, std::string typed) {
  employee_view shown{.typed = std::move(typed), .found = {}, .problem = {}, .now = ctx.clock.now()};
  const auto id = domain::parse_id(shown.typed);
  if (!id) {
    shown.problem = not_a_number();
    co_return shown;
  }
  auto found = co_await ctx.people.find({*id});
  if (found)
    shown.found = std::move(*found);
  else
    shown.problem = found.error().code == base::error_code::not_found ? no_such_record(*id) : found.error();
  co_return shown;
}

}  // namespace

std::string render_employee_page(page_frame frame, const employee_view& look_up) {
  frame.has_errors = look_up.problem.has_value();
  page out("employee.html", frame);
  auto body = out.body();
  body.set("TYPED", look_up.typed);
  if (look_up.problem) fill_errors(body, *look_up.problem);
  if (look_up.found) {
    auto found = body.add("FOUND");
    fill_details(found, *look_up.found);
    fill_detail_list(found, look_up.found->details);
    fill_avatar(found, *look_up.found);
    fill_time(found, "ADDED", look_up.found->created_at, look_up.now);
    fill_first_files(found, *look_up.found, look_up.now);
  } else {
    body.set_and_show("SEARCHED", join_words(spoken_of_searched(), " or "), "NOT_FOUND");
  }
  return out.render();
}

awaitable<http::response> pages::show_look_up(const context& ctx, routed_request in) {
  co_return html_answer(200, render_employee_page(frame_of(ctx, in.from, "Look up by number", "people"), {}));
}

awaitable<http::response> pages::answer_look_up(const context& ctx, routed_request in) {
  auto fields = co_await read_form_fields(in.http, in.field_bytes);
  if (!fields) co_return error_response(in.http, fields.error());
  const auto shown = co_await look_up(ctx, field_or_empty(*fields, "employee_id"));
  const unsigned status = shown.problem ? status_of(shown.problem->code) : 200;
  co_return html_answer(status,
                        render_employee_page(frame_of(ctx, in.from, "Look up by number", "people"), shown));
}

}  // namespace dossier::web
