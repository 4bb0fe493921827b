// The set-up link, with which the first account of a server is added from elsewhere (domain/set_up.h).
#include <string>
#include <string_view>
#include <utility>

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

constexpr std::string_view secret_name = "set-up";

std::string_view section_of(const set_up_view& shown) {
  switch (shown.state) {
    case domain::set_up::state::open:
      return shown.has_link ? "OPEN" : "WITHOUT_LINK";
    case domain::set_up::state::expired:
      return "EXPIRED";
    case domain::set_up::state::closed:
      return "CLOSED";
  }
  base::not_reached();
}

http::response set_up_answer(const context& ctx, const routed_request& in, const set_up_view& shown) {
  const bool open = shown.state == domain::set_up::state::open;
  const bool usable = open && shown.has_link;
  auto answer = private_answer(usable ? shown.problem : std::nullopt,
                               render_set_up_page(frame_of(ctx, in.from, "Set up", "set-up"), shown));
  if (!usable) answer.status = open ? 403 : 410;
  return answer;
}

}  // namespace

std::string render_set_up_page(page_frame frame, const set_up_view& shown) {
  frame.has_errors = shown.problem.has_value();
  page out("set_up.html", frame);
  auto body = out.body();
  const auto section = section_of(shown);
  auto part = body.add(section);
  if (section != "OPEN") return out.render();
  part.set("TYPED", shown.typed);
  part.set("SHORTEST", static_cast<std::int64_t>(domain::shortest_password));
  if (shown.problem) {
    fill_errors(body, *shown.problem);
    for (const auto& wrong : shown.problem->fields)
      part.set_and_show("MESSAGE", wrong.message, wrong.field == "name" ? "NAME_ERROR" : "PASSWORD_ERROR");
  }
  return out.render();
}

awaitable<http::response> pages::follow_set_up(const context& ctx, routed_request in) {
  base::expects(!in.captures.empty(), "the route has the link's secret");
  co_return keep_secret(ctx, secret_name, in.captures[0], "/set-up");
}

awaitable<http::response> pages::show_set_up(const context& ctx, routed_request in) {
  set_up_view shown;
  if (ctx.set_up != nullptr) {
    const auto now = co_await ctx.set_up->look();
    if (!now) co_return error_response(in.http, now.error());
    shown.state = *now;
    shown.has_link = ctx.set_up->is_link(kept_secret(ctx, in.http, secret_name));
  }
  co_return set_up_answer(ctx, in, shown);
}

awaitable<http::response> pages::use_set_up(const context& ctx, routed_request in) {
  auto fields = co_await read_form_fields(in.http, in.field_bytes);
  if (!fields) co_return error_response(in.http, fields.error());
  set_up_view shown{.typed = field_or_empty(*fields, "name")};
  if (ctx.set_up == nullptr) co_return set_up_answer(ctx, in, shown);
  const auto secret = kept_secret(ctx, in.http, secret_name);
  auto began =
      co_await ctx.set_up->use(secret, shown.typed, field_or_empty(*fields, "password"), client_of(in.http));
  if (began) {
    auto answer = with_session(ctx, see_other("/accounts"), began->secret);
    forget_secret(ctx, answer, secret_name);
    co_return answer;
  }
  shown.problem = std::move(began.error());
  shown.has_link = ctx.set_up->is_link(secret);
  const auto now = co_await ctx.set_up->look();
  if (!now) co_return error_response(in.http, now.error());
  shown.state = *now;
  co_return set_up_answer(ctx, in, shown);
}

}  // namespace dossier::web
