// An account's own page (password, sessions), and the page on which admins manage all accounts.
#include <algorithm>
#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/expects.h"
#include "domain/password_rules.h"
#include "domain/validation.h"
#include "http/url.h"
#include "web/pages/error_page.h"
#include "web/pages/form_fields.h"
#include "web/pages/page.h"
#include "web/pages/person_parts.h"
#include "web/pages/signing_in.h"
#include "web/pages/views.h"
#include "web/pages/words.h"
#include "web/problem.h"
#include "web/routes.h"

namespace dossier::web {
namespace {

using domain::role;

std::string_view in_words(role which) {
  switch (which) {
    case role::intake:
      return "You may submit the form.";
    case role::viewer:
      return "You may read everything about people and their files.";
    case role::editor:
      return "You may read, submit, change and delete.";
    case role::admin:
      return "You may do everything, and manage accounts.";
  }
  base::not_reached();
}

// What a browser says of itself is long; this is what people recognise.
std::string short_agent(std::string_view agent) {
  struct known {
    std::string_view mark;
    std::string_view name;
  };
  constexpr known browsers[] = {{"Edg/", "Edge"},      {"OPR/", "Opera"},     {"Firefox/", "Firefox"},
                                {"Chrome/", "Chrome"}, {"Safari/", "Safari"}, {"curl/", "curl"}};
  constexpr known systems[] = {{"Android", "Android"}, {"iPhone", "iPhone"},  {"iPad", "iPad"},
                               {"Windows", "Windows"}, {"Mac OS X", "macOS"}, {"Linux", "Linux"}};
  const auto name_in = [agent](std::span<const known> all) {
    for (const auto& one : all) {
      if (agent.contains(one.mark)) return one.name;
    }
    return std::string_view();
  };
  const auto browser = name_in(browsers), system = name_in(systems);
  if (browser.empty()) return agent.empty() ? "Unknown program" : std::string(agent.substr(0, 60));
  return system.empty() ? std::string(browser) : fmt::format("{} on {}", browser, system);
}

awaitable<http::response> own_page(const context& ctx, const routed_request& in, account_view shown) {
  base::expects(ctx.sign_in != nullptr && in.from.account, "somebody is signed in");
  shown.who = in.from.account->account;
  shown.here = in.from.account->session.id;
  shown.now = ctx.clock.now();
  auto sessions = co_await ctx.sign_in->accounts().list_sessions(shown.who.id);
  if (!sessions) co_return error_response(in.http, sessions.error());
  shown.sessions = std::move(*sessions);
  auto tokens = co_await ctx.sign_in->accounts().list_tokens(shown.who.id);
  if (!tokens) co_return error_response(in.http, tokens.error());
  shown.tokens = std::move(*tokens);
  if (ctx.second_factor != nullptr && shown.who.second_factor) {
    auto factor = co_await ctx.second_factor->find(shown.who.id);
    if (!factor) co_return error_response(in.http, factor.error());
    shown.recovery_codes = factor->recovery_codes;
  }
  co_return private_answer(shown.problem,
                           render_account_page(frame_of(ctx, in.from, "Your account", "account"), shown));
}

awaitable<http::response> all_accounts(const context& ctx, const routed_request& in, accounts_view shown) {
  base::expects(ctx.sign_in != nullptr, "there is a store of accounts");
  shown.open = !in.from.must_sign_in;
  shown.now = ctx.clock.now();
  if (in.from.account) shown.own = in.from.account->account.id;
  auto all = co_await ctx.sign_in->accounts().list_accounts();
  if (!all) co_return error_response(in.http, all.error());
  shown.all = std::move(*all);
  co_return private_answer(shown.problem,
                           render_accounts_page(frame_of(ctx, in.from, "Accounts", "accounts"), shown));
}

}  // namespace

std::string render_account_page(page_frame frame, const account_view& shown) {
  frame.has_errors = shown.problem.has_value();
  page out("account.html", frame);
  auto body = out.body();
  body.set("NAME", shown.who.name);
  body.set("ROLE_IN_WORDS", in_words(shown.who.role));
  body.set("SHORTEST", static_cast<std::int64_t>(shown.who.second_factor ? domain::shortest_with_second_factor
                                                                         : domain::shortest_password));
  if (shown.who.second_factor)
    body.add("WITH_FACTOR").set("LEFT", count_of(shown.recovery_codes, "recovery code", "recovery codes"));
  else
    body.show("WITHOUT_FACTOR");
  if (shown.notice == "dropped") body.show("DROPPED");
  if (shown.notice == "second-factor") body.show("FACTOR_NEEDED");
  if (shown.who.role == role::admin) body.show("MANAGES");
  if (shown.notice == "changed") body.show("CHANGED");
  if (shown.notice == "ended") body.show("ENDED");
  if (shown.problem) fill_errors(body, *shown.problem);
  for (const auto& one : shown.sessions) {
    auto row = body.add("SESSION");
    row.set("AGENT", short_agent(one.agent));
    row.set("ADDRESS", one.address);
    fill_time(row, "BEGAN", one.began_at, shown.now);
    fill_time(row, "SEEN", one.seen_at, shown.now);
    if (one.id == shown.here)
      row.show("HERE");
    else
      row.add("ELSEWHERE").set("ID", one.id);
  }
  if (shown.sessions.size() > 1) body.show("SEVERAL");
  if (!shown.new_token.empty()) body.set_and_show("SECRET", shown.new_token, "NEW_TOKEN");
  body.set("TOKEN_NAME", shown.token_name);
  auto tokens = shown.tokens.empty() ? body : body.add("WITH_TOKENS");
  for (const auto& one : shown.tokens) {
    auto row = tokens.add("TOKEN");
    row.set("TOKEN_NAME", one.name);
    row.set("ROLE", to_string(one.role));
    row.set("ID", one.id);
    row.set("ENDS", readable_time(one.ends_at));
    if (one.used_at)
      fill_time(row.add("USED"), "AT", *one.used_at, shown.now);
    else
      row.show("NEVER");
  }
  return out.render();
}

std::string render_accounts_page(page_frame frame, const accounts_view& shown) {
  frame.has_errors = shown.problem.has_value();
  page out("accounts.html", frame);
  auto body = out.body();
  if (!shown.done.empty()) body.set_and_show("MESSAGE", shown.done, "DONE");
  if (shown.link) {
    auto link = body.add("LINK");
    link.set("NAME", shown.link->name);
    link.set("ADDRESS", shown.link->address);
  }
  auto form = body.add(shown.open ? "OPEN" : "CLOSED");
  form.set("TYPED", shown.typed);
  form.set("SHORTEST", static_cast<std::int64_t>(domain::shortest_password));
  if (shown.problem) {
    fill_errors(body, *shown.problem);
    for (const auto& wrong : shown.problem->fields)
      form.set_and_show("MESSAGE", wrong.message, wrong.field == "name" ? "NAME_ERROR" : "PASSWORD_ERROR");
  }
  if (shown.open) return out.render();
  for (const auto& one : shown.all) {
    auto row = form.add("ACCOUNT");
    row.set("NAME", one.name);
    row.set("ID", one.id.value);
    row.show(one.disabled ? "DISABLED" : "ENABLED");
    if (one.id == shown.own) row.show("OWN");
    if (one.second_factor) row.show("FACTOR");
    constexpr std::string_view sections[] = {"IS_INTAKE", "IS_VIEWER", "IS_EDITOR", "IS_ADMIN"};
    row.show(sections[static_cast<std::size_t>(one.role)]);
    row.set("STATE", one.signed_in_at   ? "Signed in"
                     : one.has_password ? "Never signed in"
                                        : "Has not chosen a password yet");
    if (one.signed_in_at) fill_time(row.add("SIGNED_IN"), "AT", *one.signed_in_at, shown.now);
  }
  return out.render();
}

awaitable<http::response> own_account_page(const context& ctx, const routed_request& in,
                                           base::error problem) {
  account_view shown;
  shown.problem = std::move(problem);
  co_return co_await own_page(ctx, in, std::move(shown));
}

awaitable<http::response> pages::show_account(const context& ctx, routed_request in) {
  if (ctx.sign_in == nullptr || !in.from.account) co_return see_other("/accounts");
  account_view shown;
  for (const std::string_view notice : {"changed", "ended", "dropped", "second-factor"}) {
    if (in.http.query == notice) shown.notice = notice;
  }
  co_return co_await own_page(ctx, in, std::move(shown));
}

awaitable<http::response> pages::change_password(const context& ctx, routed_request in) {
  auto fields = co_await read_form_fields(in.http, in.field_bytes);
  if (!fields) co_return error_response(in.http, fields.error());
  if (ctx.sign_in == nullptr || !in.from.account) co_return see_other("/accounts");
  auto changed =
      co_await ctx.sign_in->change_password(*in.from.account, field_or_empty(*fields, "current"),
                                            field_or_empty(*fields, "password"), client_of(in.http));
  if (changed) co_return see_other("/account?changed");
  co_return co_await own_page(ctx, in, {.problem = std::move(changed.error())});
}

awaitable<http::response> pages::end_sessions(const context& ctx, routed_request in) {
  auto fields = co_await read_form_fields(in.http, in.field_bytes);
  if (!fields) co_return error_response(in.http, fields.error());
  if (ctx.sign_in == nullptr || !in.from.account) co_return see_other("/accounts");
  const auto& own = *in.from.account;
  const auto which = field_or_empty(*fields, "session");
  const auto id = domain::parse_id(which);
  if (which != "others" && !id)
    co_return error_response(in.http, problem{422, "Say which session ends: a number, or others."});
  auto ended = which == "others"
                   ? co_await ctx.sign_in->end_sessions(own.account.id, own.session.id, in.actor())
                   : co_await ctx.sign_in->end_session(own.account.id, *id, in.actor());
  if (!ended) co_return error_response(in.http, ended.error());
  co_return see_other("/account?ended");
}

awaitable<http::response> pages::change_tokens(const context& ctx, routed_request in) {
  auto fields = co_await read_form_fields(in.http, in.field_bytes);
  if (!fields) co_return error_response(in.http, fields.error());
  if (ctx.sign_in == nullptr || !in.from.account) co_return see_other("/accounts");
  const auto own = in.from.account->account.id;
  if (const auto ended = domain::parse_id(field_or_empty(*fields, "end"))) {
    auto done = co_await ctx.sign_in->end_token(own, *ended, in.actor());
    if (!done) co_return error_response(in.http, done.error());
    co_return see_other("/account?ended");
  }
  const auto what = domain::parse_role(field_or_empty(*fields, "role"));
  if (!what) co_return error_response(in.http, problem{422, "A role is intake, viewer, editor or admin."});
  const auto days = domain::parse_id(field_or_empty(*fields, "days")).value_or(0);
  account_view shown{.token_name = field_or_empty(*fields, "token")};
  auto made = co_await ctx.sign_in->make_token(
      own, shown.token_name, *what, std::chrono::hours(24) * std::min<std::int64_t>(days, 1'000), in.actor());
  if (made) {
    shown.new_token = std::move(made->secret);
    shown.token_name.clear();
  } else {
    shown.problem = std::move(made.error());
  }
  co_return co_await own_page(ctx, in, std::move(shown));
}

awaitable<http::response> pages::show_accounts(const context& ctx, routed_request in) {
  if (ctx.sign_in == nullptr) co_return error_response(in.http, problem{404, "There are no accounts here."});
  co_return co_await all_accounts(ctx, in, {});
}

namespace {

// The first account: an admin, who is signed in at once.
awaitable<http::response> add_first(const context& ctx, const routed_request& in, std::string name,
                                    std::string password) {
  if (!in.from.on_this_machine) {
    co_return error_response(
        in.http, problem{403,
                         "The first account is added on the machine that serves this, with: dossier user add "
                         "NAME --role admin"});
  }
  auto added = co_await ctx.sign_in->add_first(name, password, in.actor());
  if (!added) {
    accounts_view shown{.problem = std::move(added.error())};
    shown.typed = std::move(name);
    co_return co_await all_accounts(ctx, in, std::move(shown));
  }
  auto began = co_await ctx.sign_in->begin(added->name, std::move(password), client_of(in.http));
  if (!began) co_return see_other("/sign-in?next=/accounts");
  co_return with_session(ctx, see_other("/accounts"), began->secret);
}

awaitable<base::result<accounts_view>> with_link(const context& ctx, const routed_request& in,
                                                 const domain::account& who) {
  auto secret = co_await ctx.sign_in->make_link(who.id, in.actor());
  if (!secret) co_return base::pass(secret);
  co_return accounts_view{
      .link = new_link{.name = who.name,
                       .address = fmt::format("{}/welcome/{}", site_of(ctx, in.http), *secret)}};
}

}  // namespace

awaitable<http::response> pages::add_account(const context& ctx, routed_request in) {
  auto fields = co_await read_form_fields(in.http, in.field_bytes);
  if (!fields) co_return error_response(in.http, fields.error());
  if (ctx.sign_in == nullptr) co_return error_response(in.http, problem{404, "There are no accounts here."});
  auto name = field_or_empty(*fields, "name");
  if (!in.from.must_sign_in)
    co_return co_await add_first(ctx, in, std::move(name), field_or_empty(*fields, "password"));
  const auto what = domain::parse_role(field_or_empty(*fields, "role"));
  if (!what) co_return error_response(in.http, problem{422, "A role is intake, viewer, editor or admin."});
  auto added = co_await ctx.sign_in->add_account(name, *what, in.actor());
  if (!added) {
    accounts_view shown{.problem = std::move(added.error())};
    shown.typed = std::move(name);
    co_return co_await all_accounts(ctx, in, std::move(shown));
  }
  auto shown = co_await with_link(ctx, in, *added);
  if (!shown) co_return error_response(in.http, shown.error());
  co_return co_await all_accounts(ctx, in, std::move(*shown));
}

namespace {

// What the buttons beside an account do. The answer is what the page then shows.
awaitable<base::result<accounts_view>> do_to(const context& ctx, const routed_request& in,
                                             const domain::account& who, std::string_view what,
                                             std::string_view wanted_role) {
  auto& accounts = *ctx.sign_in;
  if (what == "link") co_return co_await with_link(ctx, in, who);
  if (what == "reset-factor") {
    auto reset = co_await ctx.second_factor->reset(who.id, in.actor());
    if (!reset) co_return base::pass(reset);
    co_return co_await with_link(ctx, in, who);
  }
  if (what == "end") {
    auto ended = co_await accounts.end_sessions(who.id, 0, in.actor());
    if (!ended) co_return base::pass(ended);
    co_return accounts_view{.done = who.name + " is signed out everywhere."};
  }
  if (what == "remove") {
    auto removed = co_await accounts.remove_account(who.id, in.actor());
    if (!removed) co_return base::pass(removed);
    co_return accounts_view{.done = "The account of " + who.name + " is removed."};
  }
  const auto chosen = what == "role" ? domain::parse_role(wanted_role) : who.role;
  if (!chosen || (what != "role" && what != "disable" && what != "enable"))
    co_return base::fail(base::error_code::invalid, "That cannot be done to an account.");
  const bool disabled = what == "disable" || (what == "role" && who.disabled);
  auto changed = co_await accounts.change_account(who.id, *chosen, disabled, in.actor());
  if (!changed) co_return base::pass(changed);
  co_return accounts_view{.done = "The account of " + who.name + " is changed."};
}

}  // namespace

awaitable<http::response> pages::change_account(const context& ctx, routed_request in) {
  auto fields = co_await read_form_fields(in.http, in.field_bytes);
  if (!fields) co_return error_response(in.http, fields.error());
  const auto id = domain::parse_id(in.captures.at(0));
  if (ctx.sign_in == nullptr || !id || !in.from.must_sign_in)
    co_return error_response(in.http, problem{404, "There is no such account."});
  auto who = co_await ctx.sign_in->accounts().find_account(domain::account_id{*id});
  if (!who) co_return error_response(in.http, who.error());
  auto shown = co_await do_to(ctx, in, *who, field_or_empty(*fields, "do"), field_or_empty(*fields, "role"));
  if (!shown) shown = accounts_view{.problem = std::move(shown.error())};
  co_return co_await all_accounts(ctx, in, std::move(*shown));
}

}  // namespace dossier::web
