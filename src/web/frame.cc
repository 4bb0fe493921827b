#include "web/frame.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "base/ascii.h"
#include "base/expects.h"
#include "http/message.h"
#include "http/url.h"
#include "web/error_response.h"
#include "web/problem.h"

namespace dossier::web {
namespace {

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

namespace {

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

frame::frame(const context& ctx, std::span<const route> routes)
    : ctx_(ctx), guard_(ctx.settings), routes_(routes) {
  base::expects(!routes.empty() && ctx.api != nullptr, "a site has its routes and its API's document");
}

awaitable<http::response> frame::handle(http::request& req) {
  auto answered = co_await answer(req);
  add_common_headers(answered, &req, ctx_.settings);
  co_return answered;
}

awaitable<http::response> frame::answer(http::request& req) {
  auto match = routes_.find(req.method, req.path);
  if (auto refused = co_await guard_.refuse(req, match)) co_return error_response(req, *refused);
  if (match.found == nullptr) {
    if (!match.allowed.empty()) co_return refuse_method(req, match.allowed);
    if (const auto shorter = without_slash(req.path)) {
      const auto there = routes_.find(req.method, *shorter);
      if (there.found != nullptr || !there.allowed.empty()) co_return redirect(*shorter, req.query);
    }
    co_return error_response(req, problem{404, "There is nothing at this address."});
  }
  if (has_encoded_body(req)) co_return refuse_encoding(req);
  const std::uint64_t field_bytes = match.found->body == takes::nothing ? 0 : ctx_.settings.field_bytes;
  const route_handler handle = match.found->handle;
  base::expects(handle != nullptr, "a route has a handler");
  auto answered = co_await handle(ctx_, {req, std::move(match.captures), field_bytes});
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
