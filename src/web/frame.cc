#include "web/frame.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/expects.h"
#include "base/log.h"
#include "http/message.h"
#include "http/url.h"
#include "web/pages/page.h"
#include "web/problem.h"
#include "web/public_address.h"

namespace dossier::web {
namespace {

bool only_reads(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

// blob: is for previews of pictures that are about to be sent; frames and objects show PDF files.
constexpr std::string_view page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "frame-src 'self'; object-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
constexpr std::string_view data_policy = "default-src 'none'; frame-ancestors 'none'";

// No shared cache may keep people's details. A browser's cache may keep them only if it can check them again
// by their ETag, or if they are a page, so that "back" can show it.
std::string_view cache_policy(const http::response& answer, const http::request* req, bool page) {
  const bool read = req != nullptr && (req->method == "GET" || req->method == "HEAD");
  if (read && answer.status < 400 && (page || find_header(answer, "ETag"))) return "private, no-cache";
  return "no-store";
}

http::response refuse_method(const http::request& req, const std::vector<std::string_view>& allowed) {
  auto methods = join_methods(allowed);
  auto answer = error_response(
      req, problem{405, "This address cannot be used in this way. It answers to " + methods + "."});
  answer.set("Allow", std::move(methods));
  return answer;
}

// Whether there is a body with an encoding that would have to be decoded.
bool has_encoded_body(const http::request& req) {
  if (req.content_length == 0) return false;
  auto encoding = req.header("content-encoding").value_or("");
  return !encoding.empty() && !base::ascii_equal(encoding, "identity");
}

http::response refuse_encoding(const http::request& req) {
  auto answer =
      error_response(req, problem{415, "Send the body without a Content-Encoding: it would not be decoded."});
  answer.set("Accept-Encoding", "identity");
  return answer;
}

// A browser that wants to see a page is led to the page for signing in, and from there back.
http::response refuse_visitor(const http::request& req, const visitor& from) {
  if (from.in_set_up) {
    return error_response(req,
                          problem{503,
                                  "Dossier is not set up yet: open the set-up link, which adds the first "
                                  "account."});
  }
  if (from.lacks_second_factor && from.account) {
    const bool shown = !req.path.starts_with("/api/") && only_reads(req.method);
    if (shown) return see_other("/account?second-factor");
    return error_response(req, problem{403, "Set up a second factor first, on the page of your account."});
  }
  if (from.account) {
    const auto role = from.token_role.value_or(from.account->account.role);
    return error_response(
        req, problem{403, fmt::format("{} may not do that: its role is {}. Ask an admin for another.",
                                      from.token_role ? "This token" : "Your account", to_string(role))});
  }
  const bool page = !req.path.starts_with("/api/") && req.header("accept").value_or("").contains("text/html");
  if (page && only_reads(req.method)) {
    const auto there = req.query.empty() ? std::string(req.path) : fmt::format("{}?{}", req.path, req.query);
    return see_other("/sign-in?next=" + http::percent_encode(there));
  }
  auto answer =
      error_response(req, problem{401, find_bearer(req).empty()
                                           ? "Sign in first. Nothing was done."
                                           : "This token is not valid, or not any more. Nothing was done."});
  answer.set("WWW-Authenticate", find_bearer(req).empty()
                                     ? "Bearer realm=\"Dossier\""
                                     : "Bearer realm=\"Dossier\", error=\"invalid_token\"");
  return answer;
}

// Somebody without an account who opens a page is no event: they are asked to sign in.
void note_refusal(const http::request& req, const visitor& from, const route& asked) {
  if (!from.account && find_bearer(req).empty()) return;
  base::log_security(base::security_event::refused,
                     {{"id", req.id},
                      {"route", asked.pattern},
                      {"account", from.account ? from.account->account.id.value : 0},
                      {"address", req.remote}});
}

// The path without the slashes at its end; empty if there are none.
std::optional<std::string_view> without_slash(std::string_view path) {
  const auto last = path.find_last_not_of('/');
  if (last == std::string_view::npos || last + 1 == path.size()) return std::nullopt;
  return path.substr(0, last + 1);
}

void append_escaped(std::string& address, std::string_view text, bool path) {
  for (const char c : text) {
    const bool as_it_is = path ? c == '/' : static_cast<unsigned char>(c) < 0x80;
    address += as_it_is ? std::string(1, c) : http::percent_encode({&c, 1});
  }
}

// 308: the client sends the same method and the same body to the new address.
http::response redirect(std::string_view path, std::string_view query) {
  std::string address;
  append_escaped(address, path, true);
  if (!query.empty()) {
    address += '?';
    append_escaped(address, query, false);
  }
  http::response answer;
  answer.status = 308;
  answer.set("Location", std::move(address));
  return answer;
}

}  // namespace

std::optional<std::string_view> find_header(const http::response& answer, std::string_view name) {
  for (const auto& [key, value] : answer.headers) {
    if (base::ascii_equal(key, name)) return value;
  }
  return std::nullopt;
}

void add_common_headers(http::response& answer, const http::request* req, const web_settings& settings) {
  answer.headers.reserve(answer.headers.size() + 10);
  const auto type = find_header(answer, "Content-Type").value_or("");
  const bool page = type.starts_with("text/html");
  const auto set_unless_there = [&](std::string_view name, std::string_view value) {
    if (!find_header(answer, name)) answer.set(std::string(name), std::string(value));
  };
  set_unless_there("Cache-Control", cache_policy(answer, req, page));
  set_unless_there("Content-Security-Policy", page ? page_policy : data_policy);
  set_unless_there("X-Content-Type-Options", "nosniff");
  // Not no-referrer: browsers would then send "Origin: null" with Dossier's own forms, and the guard could
  // not tell them from those of another site.
  set_unless_there("Referrer-Policy", "same-origin");
  set_unless_there("Cross-Origin-Resource-Policy", "same-origin");
  if (page) {  // these two matter for documents only
    set_unless_there("Cross-Origin-Opener-Policy", "same-origin");
    set_unless_there("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()");
  }
  if (settings.https) set_unless_there("Strict-Transport-Security", "max-age=31536000");
}

frame::frame(const context& ctx, std::span<const route> routes)
    : ctx_(ctx), guard_(ctx.settings), routes_(routes), limiter_(ctx.settings.rates) {
  base::expects(!routes.empty() && ctx.api != nullptr, "a site has its routes and its API's document");
}

awaitable<http::response> frame::handle(http::request& req) {
  auto answered = co_await answer(req);
  add_common_headers(answered, &req, ctx_.settings);
  co_return answered;
}

// Behind a proxy on this machine every client seems to be on it. So this is false if Dossier has another name
// than this machine's, if the request names another host, or if it was passed on.
bool frame::is_on_this_machine(const http::request& req) const {
  if (!is_this_machine(req.remote) || ctx_.settings.https || !ctx_.settings.allowed_hosts.empty())
    return false;
  const auto name = without_port(req.host);
  if (name != "localhost" && name != "[::1]" && !is_loopback_v4(name)) return false;
  for (const std::string_view passed_on : {"forwarded", "x-forwarded-for", "x-real-ip", "via"}) {
    if (req.header(passed_on)) return false;
  }
  return true;
}

// Its tokens do not work either: otherwise one could be made, and used in its place.
bool frame::lacks_second_factor(const visitor& one) const {
  return one.account && ctx_.sign_in->settings().second_factor_required &&
         !one.account->account.second_factor;
}

// Nobody has to sign in for a probe, so it is answered without asking a store.
awaitable<base::result<visitor>> frame::identify(const http::request& req, const route& asked) const {
  visitor one;
  // Asked only where it matters: most requests are look-ups.
  if (asked.may_use == who::operator_ || asked.may_use == who::admin)
    one.on_this_machine = is_on_this_machine(req);
  if (ctx_.sign_in == nullptr) co_return one;
  one.must_sign_in = true;
  const bool may_anyway = may_use(one, asked.may_use, false);
  if (may_anyway && asked.from == sent_from::any_host) co_return one;
  const auto needed = co_await ctx_.sign_in->is_needed();
  if (!needed && !may_anyway) co_return std::unexpected(needed.error());
  one.in_set_up = ctx_.set_up != nullptr && !needed.value_or(true);
  one.must_sign_in = needed.value_or(true) || !ctx_.settings.may_be_open || one.in_set_up;
  if (!one.must_sign_in) co_return one;
  if (const auto token = find_bearer(req); !token.empty()) {
    auto found = co_await ctx_.sign_in->find_token(token);
    if (!found && !may_anyway) co_return base::pass(found);
    if (found && *found) {
      one.account.emplace().account = std::move((*found)->account);
      one.token_role = (*found)->token.role;
      one.token_id = (*found)->token.id;
    }
    one.lacks_second_factor = lacks_second_factor(one);
    co_return one;
  }
  const auto secret = find_cookie(req, session_cookie(ctx_.settings.https));
  if (secret.empty()) co_return one;
  auto found = co_await ctx_.sign_in->find(secret);
  if (found) one.account = std::move(*found);
  one.lacks_second_factor = lacks_second_factor(one);
  if (!found && !may_anyway) co_return base::pass(found);
  co_return one;
}

// After some time, whoever sits at a browser may be somebody else.
std::optional<http::response> frame::ask_for_password(const http::request& req, const visitor& from,
                                                      const route& asked) const {
  if (asked.password == proven::any_time || !from.account || from.token_role) return std::nullopt;
  const bool page = only_reads(req.method);
  const auto valid = page ? domain::proof_valid : 2 * domain::proof_valid;
  if (ctx_.clock.now() - from.account->session.proved_at <= valid) return std::nullopt;
  const auto there = page                                     ? req.path
                     : asked.pattern.starts_with("/accounts") ? std::string("/accounts")
                                                              : std::string("/account");
  return see_other("/account/confirm?next=" + http::percent_encode(there));
}

// What comes from this machine, and through no proxy, is not limited: whoever runs programs on it could do
// worse.
std::optional<http::response> frame::limit(http::request& req, const visitor& from, counted kind) {
  if (kind == counted::never) return std::nullopt;
  if (!ctx_.settings.knows_proxies && req.header("x-forwarded-for") && !warned_of_proxy_.exchange(true)) {
    base::log_warning("a proxy passes requests on that is not named, so its clients count as one",
                      {{"address", req.remote}, {"to_do", "name its network in the setting proxies"}});
  }
  if (is_on_this_machine(req)) return std::nullopt;
  const auto client = from.token_id != 0 ? fmt::format("token {}", from.token_id) : req.caller().name;
  const auto wait = limiter_.take(kind, client, std::chrono::steady_clock::now());
  if (!wait) return std::nullopt;
  base::log_security(base::security_event::limited,
                     {{"id", req.id}, {"limit", to_string(kind)}, {"client", client}});
  const problem slow{429,
                     fmt::format("Too many requests came from here. Try again in {} seconds.", wait->count()),
                     {},
                     wait};
  return error_response(req, slow);
}

// A body may take long to come, and whoever sends it may lose the right to meanwhile.
awaitable<base::result<void>> frame::ask_again(const http::request& req, const route& asked) const {
  const auto now = co_await identify(req, asked);
  if (!now) co_return std::unexpected(now.error());
  if (may_use(*now, asked.may_use, ctx_.settings.public_intake)) co_return base::result<void>();
  note_refusal(req, *now, asked);
  co_return base::fail(
      base::error_code::unauthorized,
      "While this was sent, you lost the right to do it: your session has ended, or your role "
      "was changed. Nothing was done. Sign in and send it again.");
}

awaitable<http::response> frame::answer(http::request& req) {
  auto match = routes_.find(req.method, req.path);
  if (auto refused = guard_.refuse(req, match)) co_return error_response(req, *refused);
  if (match.found == nullptr) {
    if (!match.allowed.empty()) co_return refuse_method(req, match.allowed);
    if (const auto shorter = without_slash(req.path)) {
      const auto there = routes_.find(req.method, *shorter);
      if (there.found != nullptr || !there.allowed.empty()) co_return redirect(*shorter, req.query);
    }
    co_return error_response(req, problem{404, "There is nothing at this address."});
  }
  auto from = co_await identify(req, *match.found);
  if (!from) co_return error_response(req, from.error());
  if (!may_use(*from, match.found->may_use, ctx_.settings.public_intake)) {
    note_refusal(req, *from, *match.found);
    auto refused = refuse_visitor(req, *from);
    refused.route = match.found->pattern;
    co_return refused;
  }
  if (auto first = ask_for_password(req, *from, *match.found)) {
    first->route = match.found->pattern;
    co_return std::move(*first);
  }
  if (auto refused = limit(req, *from, match.found->limit)) {
    refused->route = match.found->pattern;
    co_return std::move(*refused);
  }
  if (has_encoded_body(req)) co_return refuse_encoding(req);
  if (match.found->may_use != who::anyone && match.found->body != takes::nothing) {
    req.at_end_of_body = [this, &req, asked = match.found] {
      return ask_again(req, *asked);
    };
  }
  const std::uint64_t field_bytes = match.found->body == takes::nothing ? 0 : ctx_.settings.field_bytes;
  const route_handler handle = match.found->handle;
  base::expects(handle != nullptr, "a route has a handler");
  auto answered = co_await handle(ctx_, {req, std::move(match.captures), field_bytes, std::move(*from)});
  answered.route = match.found->pattern;
  co_return answered;
}

http::response frame::error_page(unsigned status, std::string_view message, std::string_view id,
                                 std::string_view accept) {
  auto answered = error_response(accept, id, problem{status, std::string(message)});
  add_common_headers(answered, nullptr, ctx_.settings);
  return answered;
}

}  // namespace dossier::web
