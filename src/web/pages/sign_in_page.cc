// Signing in and out, and setting a password with a link.
#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/expects.h"
#include "domain/password_rules.h"
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

// The name of the cookie with the secret of a link that sets a password.
constexpr std::string_view link_secret = "link";

http::response sign_in_answer(const context& ctx, const visitor& from, sign_in_view shown) {
  shown.may_submit = ctx.settings.public_intake;
  return private_answer(shown.problem, render_sign_in_page(frame_of(ctx, from, "Sign in", "sign-in"), shown));
}

http::response nothing_to_sign_in_to(const http::request& req) {
  return error_response(req, problem{404, "There are no accounts here, so nobody has to sign in."});
}

}  // namespace

std::string render_sign_in_page(page_frame frame, const sign_in_view& shown) {
  frame.has_errors = shown.problem.has_value();
  page out("sign_in.html", frame);
  auto body = out.body();
  body.set("NEXT", shown.next);
  body.set("NAME", shown.name);
  if (shown.name.empty()) body.show("EMPTY");
  if (shown.signed_out) body.show("SIGNED_OUT");
  if (shown.again) body.show("AGAIN");
  if (shown.may_submit) body.show("MAY_SUBMIT");
  if (shown.problem) fill_errors(body, *shown.problem);
  return out.render();
}

std::string render_welcome_page(page_frame frame, const welcome_view& shown) {
  frame.has_errors = shown.problem.has_value();
  page out("welcome.html", frame);
  auto body = out.body();
  if (!shown.valid) {
    body.show("NOT_VALID");
    return out.render();
  }
  auto form = body.add("VALID");
  form.set("NAME", shown.name);
  form.set("SHORTEST", static_cast<std::int64_t>(domain::shortest_password));
  if (shown.problem) {
    fill_errors(body, *shown.problem);
    for (const auto& wrong : shown.problem->fields)
      form.set_and_show("MESSAGE", wrong.message, "PASSWORD_ERROR");
  }
  return out.render();
}

awaitable<http::response> pages::show_sign_in(const context& ctx, routed_request in) {
  if (ctx.sign_in == nullptr || !in.from.must_sign_in) co_return nothing_to_sign_in_to(in.http);
  const auto asked = http::parse_form(in.http.query);
  sign_in_view shown;
  if (asked) shown.next = place_after(http::find(*asked, "next").value_or("/"));
  shown.again = asked && http::find(*asked, "again").has_value();
  shown.signed_out = asked && http::find(*asked, "signed-out").has_value();
  if (in.from.account) co_return see_other(shown.next.empty() ? "/" : shown.next);
  co_return sign_in_answer(ctx, in.from, std::move(shown));
}

awaitable<http::response> pages::begin_session(const context& ctx, routed_request in) {
  auto fields = co_await read_form_fields(in.http, in.field_bytes);
  if (!fields) co_return error_response(in.http, fields.error());
  if (ctx.sign_in == nullptr || !in.from.must_sign_in) co_return nothing_to_sign_in_to(in.http);
  sign_in_view shown{.name = field_or_empty(*fields, "name"), .next = field_or_empty(*fields, "next")};
  auto began =
      co_await ctx.sign_in->begin(shown.name, field_or_empty(*fields, "password"), client_of(in.http));
  if (began) {
    // The session that this browser had before ends: whoever knows its secret must not profit.
    if (in.from.account)
      co_await ctx.sign_in->end_session(in.from.account->account.id, in.from.account->session.id, in.actor());
    co_return signed_in_answer(ctx, *began, place_after(shown.next));
  }
  shown.problem = std::move(began.error());
  co_return sign_in_answer(ctx, in.from, std::move(shown));
}

awaitable<http::response> pages::end_session(const context& ctx, routed_request in) {
  if (ctx.sign_in != nullptr && in.from.account) {
    auto ended = co_await ctx.sign_in->end_session(in.from.account->account.id, in.from.account->session.id,
                                                   in.actor());
    if (!ended) co_return error_response(in.http, ended.error());
  }
  auto answer = see_other("/sign-in?signed-out");
  answer.set("Set-Cookie", set_cookie(session_cookie(ctx.settings.https), "", 0, ctx.settings.https));
  answer.set("Clear-Site-Data", "\"cache\", \"storage\"");
  co_return answer;
}

awaitable<http::response> pages::follow_link(const context& ctx, routed_request in) {
  base::expects(!in.captures.empty(), "the route has the link's secret");
  co_return keep_secret(ctx, link_secret, in.captures[0], "/welcome");
}

awaitable<http::response> pages::show_welcome(const context& ctx, routed_request in) {
  welcome_view shown;
  if (ctx.sign_in != nullptr) {
    auto whose = co_await ctx.sign_in->find_link(kept_secret(ctx, in.http, link_secret));
    if (!whose) co_return error_response(in.http, whose.error());
    shown.valid = whose->has_value();
    if (shown.valid) shown.name = (*whose)->name;
  }
  auto answer =
      html_answer(shown.valid ? 200 : 410,
                  render_welcome_page(frame_of(ctx, in.from, "Choose a password", "sign-in"), shown));
  answer.set("Cache-Control", "no-store");
  co_return answer;
}

awaitable<http::response> pages::use_link(const context& ctx, routed_request in) {
  auto fields = co_await read_form_fields(in.http, in.field_bytes);
  if (!fields) co_return error_response(in.http, fields.error());
  if (ctx.sign_in == nullptr) co_return nothing_to_sign_in_to(in.http);
  const auto secret = kept_secret(ctx, in.http, link_secret);
  auto used = co_await ctx.sign_in->use_link(secret, field_or_empty(*fields, "password"), client_of(in.http));
  if (used && *used) {
    // The session that this browser had before ends.
    if (in.from.account && in.from.account->session.id != 0)
      co_await ctx.sign_in->end_session(in.from.account->account.id, in.from.account->session.id, in.actor());
    auto answer = signed_in_answer(ctx, **used, "/");
    forget_secret(ctx, answer, link_secret);
    co_return answer;
  }
  welcome_view shown;
  if (!used) {
    shown.problem = std::move(used.error());
    auto whose = co_await ctx.sign_in->find_link(secret);
    shown.valid = whose && *whose;
    if (shown.valid) shown.name = (*whose)->name;
  }
  const unsigned status = shown.problem ? describe(*shown.problem).status : 410;
  co_return html_answer(status,
                        render_welcome_page(frame_of(ctx, in.from, "Choose a password", "sign-in"), shown));
}

}  // namespace dossier::web
