#include "web/frame.h"

#include <utility>

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
    co_return error_response(req, problem{404, "There is nothing at this address."});
  }
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
