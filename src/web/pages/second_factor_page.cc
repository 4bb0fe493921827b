// The second factor: giving it at sign-in, setting it up, recovery codes; and giving the password again.
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/expects.h"
#include "base/qr_code.h"
#include "http/url.h"
#include "web/pages/error_page.h"
#include "web/pages/form_fields.h"
#include "web/pages/page.h"
#include "web/pages/signing_in.h"
#include "web/pages/views.h"
#include "web/problem.h"
#include "web/routes.h"

namespace dossier::web {
namespace {

void fill_problem(view body, view form, const std::optional<base::error>& problem, std::string_view section) {
  if (!problem) return;
  fill_errors(body, *problem);
  for (const auto& wrong : problem->fields) form.set_and_show("MESSAGE", wrong.message, section);
}

std::string next_of(const http::request& req) {
  const auto asked = http::parse_form(req.query);
  return place_after(asked ? http::find(*asked, "next").value_or("/") : "/");
}

awaitable<http::response> set_up_page(const context& ctx, const routed_request& in,
                                      std::optional<base::error> problem) {
  base::expects(ctx.second_factor != nullptr && in.from.account, "somebody is signed in");
  auto begun = co_await ctx.second_factor->begin(in.from.account->account);
  if (!begun) co_return see_other("/account");
  const second_factor_view shown{.secret = std::move(begun->secret),
                                 .picture = base::make_qr_code(begun->address),
                                 .problem = std::move(problem)};
  co_return private_answer(
      shown.problem, render_second_factor_page(frame_of(ctx, in.from, "Second factor", "account"), shown));
}

http::response codes_page(const context& ctx, const routed_request& in, std::vector<std::string> codes) {
  return private_answer({}, render_second_factor_page(frame_of(ctx, in.from, "Recovery codes", "account"),
                                                      {.recovery_codes = std::move(codes)}));
}

http::response code_page(const context& ctx, const routed_request& in, const question_view& shown) {
  return private_answer(
      shown.problem,
      render_question_page("sign_in_code.html", frame_of(ctx, in.from, "Sign in", "sign-in"), shown));
}

http::response confirm_page(const context& ctx, const routed_request& in, const question_view& shown) {
  return private_answer(
      shown.problem, render_question_page(
                         "confirm.html", frame_of(ctx, in.from, "Confirm that it is you", "account"), shown));
}

}  // namespace

std::string render_question_page(std::string_view template_name, page_frame frame,
                                 const question_view& shown) {
  frame.has_errors = shown.problem.has_value();
  page out(template_name, frame);
  auto body = out.body();
  body.set("NAME", shown.name);
  body.set("NEXT", shown.next);
  fill_problem(body, body, shown.problem, "WRONG");
  return out.render();
}

std::string render_second_factor_page(page_frame frame, const second_factor_view& shown) {
  frame.has_errors = shown.problem.has_value();
  page out("second_factor.html", frame);
  auto body = out.body();
  if (!shown.recovery_codes.empty()) {
    auto codes = body.add("CODES");
    std::string all;
    for (const auto& one : shown.recovery_codes) {
      codes.add("ONE").set("CODE", one);
      all += one + "\n";
    }
    codes.set("ALL", all);
    return out.render();
  }
  auto form = body.add("SET_UP");
  form.set("SECRET", shown.secret);
  form.set("SIZE", shown.picture.size);
  form.set("PATH", shown.picture.path);
  fill_problem(body, form, shown.problem, "CODE_ERROR");
  return out.render();
}

awaitable<http::response> pages::show_code(const context& ctx, routed_request in) {
  if (ctx.sign_in == nullptr) co_return see_other("/");
  auto whose = co_await ctx.sign_in->find_pending(kept_secret(ctx, in.http, pending_name));
  if (!whose) co_return error_response(in.http, whose.error());
  question_view shown{.next = next_of(in.http)};
  if (!*whose) co_return see_other("/sign-in?again&next=" + http::percent_encode(shown.next));
  shown.name = (*whose)->name;
  co_return code_page(ctx, in, shown);
}

awaitable<http::response> pages::use_code(const context& ctx, routed_request in) {
  auto fields = co_await read_form_fields(in.http, in.field_bytes);
  if (!fields) co_return error_response(in.http, fields.error());
  if (ctx.sign_in == nullptr) co_return see_other("/");
  question_view shown{.next = place_after(field_or_empty(*fields, "next"))};
  const auto pending = kept_secret(ctx, in.http, pending_name);
  auto began = co_await ctx.sign_in->finish(pending, field_or_empty(*fields, "code"), ctx.clock.now(),
                                            client_of(in.http));
  if (began && *began) {
    // The session that this browser had before ends.
    if (in.from.account)
      co_await ctx.sign_in->end_session(in.from.account->account.id, in.from.account->session.id, in.actor());
    auto answer = with_session(ctx, see_other(shown.next), (*began)->secret);
    forget_secret(ctx, answer, pending_name);
    co_return answer;
  }
  auto whose = co_await ctx.sign_in->find_pending(pending);
  // It has ended, perhaps with this wrong code.
  if (!whose || !*whose) co_return see_other("/sign-in?again&next=" + http::percent_encode(shown.next));
  shown.name = (*whose)->name;
  if (!began) shown.problem = std::move(began.error());
  co_return code_page(ctx, in, shown);
}

awaitable<http::response> pages::show_confirm(const context& ctx, routed_request in) {
  if (!in.from.account) co_return see_other("/");
  const question_view shown{.name = in.from.account->account.name, .next = next_of(in.http)};
  co_return confirm_page(ctx, in, shown);
}

awaitable<http::response> pages::confirm(const context& ctx, routed_request in) {
  auto fields = co_await read_form_fields(in.http, in.field_bytes);
  if (!fields) co_return error_response(in.http, fields.error());
  if (!in.from.account || ctx.sign_in == nullptr) co_return see_other("/");
  question_view shown{.name = in.from.account->account.name,
                      .next = place_after(field_or_empty(*fields, "next"))};
  auto proved =
      co_await ctx.sign_in->prove(*in.from.account, field_or_empty(*fields, "password"), client_of(in.http));
  if (proved) co_return see_other(shown.next);
  shown.problem = std::move(proved.error());
  co_return confirm_page(ctx, in, shown);
}

awaitable<http::response> pages::show_second_factor(const context& ctx, routed_request in) {
  if (!in.from.account || ctx.second_factor == nullptr) co_return see_other("/");
  co_return co_await set_up_page(ctx, in, {});
}

awaitable<http::response> pages::set_second_factor(const context& ctx, routed_request in) {
  auto fields = co_await read_form_fields(in.http, in.field_bytes);
  if (!fields) co_return error_response(in.http, fields.error());
  if (!in.from.account || ctx.second_factor == nullptr) co_return see_other("/");
  auto codes =
      co_await ctx.second_factor->confirm(*in.from.account, field_or_empty(*fields, "code"), in.actor());
  if (codes) co_return codes_page(ctx, in, std::move(*codes));
  co_return co_await set_up_page(ctx, in, std::move(codes.error()));
}

awaitable<http::response> pages::make_recovery_codes(const context& ctx, routed_request in) {
  if (!in.from.account || ctx.second_factor == nullptr) co_return see_other("/");
  auto codes = co_await ctx.second_factor->make_recovery_codes(in.from.account->account.id, in.actor());
  if (!codes) co_return error_response(in.http, codes.error());
  co_return codes_page(ctx, in, std::move(*codes));
}

awaitable<http::response> pages::drop_second_factor(const context& ctx, routed_request in) {
  auto fields = co_await read_form_fields(in.http, in.field_bytes);
  if (!fields) co_return error_response(in.http, fields.error());
  if (!in.from.account || ctx.second_factor == nullptr) co_return see_other("/");
  auto dropped = co_await ctx.second_factor->drop_own(*in.from.account, field_or_empty(*fields, "password"),
                                                      client_of(in.http));
  if (dropped) co_return see_other("/account?dropped");
  co_return co_await own_account_page(ctx, in, std::move(dropped.error()));
}

}  // namespace dossier::web
