#include "web/pages/signing_in.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "base/expects.h"
#include "http/url.h"
#include "web/pages/page.h"
#include "web/visitor.h"

namespace dossier::web {
namespace {

// How long a page that a link led to may stay open.
constexpr std::int64_t secret_seconds = 900;
constexpr std::size_t longest_secret = 200;

std::string cookie_of(const context& ctx, std::string_view name) {
  return (ctx.settings.https ? "__Host-dossier-" : "dossier-") + std::string(name);
}

bool is_secret_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

}  // namespace

domain::sign_in::client client_of(http::request& req) {
  return {.address = req.remote,
          .network = req.caller().name,
          .agent = std::string(req.header("user-agent").value_or(""))};
}

http::response with_session(const context& ctx, http::response answer, std::string_view secret) {
  base::expects(ctx.sign_in != nullptr, "a session comes from signing in");
  const auto lasts = std::chrono::floor<std::chrono::seconds>(ctx.sign_in->settings().absolute).count();
  answer.set("Set-Cookie", set_cookie(session_cookie(ctx.settings.https), secret, lasts, ctx.settings.https));
  return answer;
}

http::response signed_in_answer(const context& ctx, const domain::sign_in::begun& began, std::string there) {
  if (!began.pending) return with_session(ctx, see_other(std::move(there)), began.secret);
  return keep_secret(ctx, pending_name, began.secret, "/sign-in/code?next=" + http::percent_encode(there));
}

std::string place_after(std::string_view next) {
  const bool local =
      next.starts_with('/') && !next.starts_with("//") && !next.contains('\\') &&
      std::ranges::none_of(next, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  return local && next.size() < 2'000 ? std::string(next) : std::string("/");
}

std::string site_of(const context& ctx, const http::request& req) {
  if (!ctx.settings.public_origin.empty()) return ctx.settings.public_origin;
  return fmt::format("{}://{}", ctx.settings.https || req.secure ? "https" : "http", req.host);
}

http::response keep_secret(const context& ctx, std::string_view name, std::string_view secret,
                           std::string there) {
  auto answer = see_other(std::move(there));
  if (secret.size() <= longest_secret && std::ranges::all_of(secret, is_secret_character)) {
    answer.set("Set-Cookie", set_cookie(cookie_of(ctx, name), secret, secret_seconds, ctx.settings.https));
  }
  answer.set("Referrer-Policy", "no-referrer");
  return answer;
}

std::string kept_secret(const context& ctx, const http::request& req, std::string_view name) {
  return std::string(find_cookie(req, cookie_of(ctx, name)));
}

void forget_secret(const context& ctx, http::response& answer, std::string_view name) {
  answer.set("Set-Cookie", set_cookie(cookie_of(ctx, name), "", 0, ctx.settings.https));
}

}  // namespace dossier::web
