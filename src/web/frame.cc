#include "web/frame.h"

#include <optional>
#include <string>
#include <utility>

#include "http/field_rules.h"
#include "http/query.h"
#include "web/error_response.h"
#include "web/response_headers.h"

namespace dossier::web {
namespace {

http::response refuse_method(const http::request& req, const std::vector<std::string_view>& allowed) {
  auto methods = join_methods(allowed);
  auto answer = error_response(
      req, problem{405, "This address cannot be used in this way. It answers to " + methods + "."});
  answer.set("Allow", std::move(methods));
  return answer;
}

// Whether there is a body in an encoding that we would have to undo.
bool has_encoded_body(const http::request& req) {
  if (req.content_length == 0) return false;
  auto encoding = req.header("content-encoding").value_or("");
  return !encoding.empty() && !http::same_ignoring_case(encoding, "identity");
}

http::response refuse_encoding(const http::request& req) {
  auto answer = error_response(
      req, problem{415, "Send the body as it is: one with a Content-Encoding is not decoded."});
  answer.set("Accept-Encoding", "identity");
  return answer;
}

// The address without the slashes at its end; nothing when it has none.
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

// 308: whatever the method was, with the same body.
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

frame::frame(const web_settings& settings, router routes)
    : settings_(settings), guard_(settings), routes_(std::move(routes)) {}

awaitable<http::response> frame::handle(http::request& req) {
  auto answered = co_await answer(req);
  add_common_headers(answered, &req, settings_);
  co_return answered;
}

awaitable<http::response> frame::answer(http::request& req) {
  if (auto refused = guard_.refuse(req)) co_return error_response(req, *refused);
  auto match = routes_.find(req.method, req.path);
  if (match.found == nullptr) {
    if (!match.allowed.empty()) co_return refuse_method(req, match.allowed);
    if (const auto shorter = without_slash(req.path)) {
      const auto there = routes_.find(req.method, *shorter);
      if (there.found != nullptr || !there.allowed.empty()) co_return redirect(*shorter, req.query);
    }
    co_return error_response(req, problem{404, "There is nothing at this address."});
  }
  if (has_encoded_body(req)) co_return refuse_encoding(req);
  routed_request routed{req, std::move(match.captures)};
  auto answered = co_await match.found->handle(std::move(routed));
  answered.route = match.found->pattern;
  co_return answered;
}

http::response frame::error_page(unsigned status, std::string_view message, std::string_view id,
                                 std::string_view accept) {
  auto answered = error_response(accept, id, problem{status, std::string(message)});
  add_common_headers(answered, nullptr, settings_);
  return answered;
}

}  // namespace dossier::web
