#include "web/error_response.h"

#include "web/pages/error_page.h"
#include "web/pages/page.h"

namespace dossier::web {
namespace {

bool is_for_programs(std::string_view path) {
  return path == "/api/v1" || path.starts_with("/api/");
}

http::response page_response(std::string_view request_id, const problem& what) {
  auto answer = html_answer(what.status, render_error_page(what.status, what.detail, request_id));
  set_retry_after(answer, what);
  return answer;
}

}  // namespace

http::response error_response(const http::request& req, const problem& what) {
  if (req.broken_off) {
    http::response nothing;
    nothing.status = what.status;
    return nothing;
  }
  const auto accept = req.header("accept").value_or("");
  const bool json_asked = accept.find("json") != std::string_view::npos;
  const bool html_asked = accept.find("text/html") != std::string_view::npos;
  if (is_for_programs(req.path) || (json_asked && !html_asked)) return problem_response(req.id, what);
  return page_response(req.id, what);
}

http::response error_response(const http::request& req, const base::error& failed) {
  return error_response(req, describe(failed));
}

http::response error_response(std::string_view accept, std::string_view request_id, const problem& what) {
  if (accept.find("text/html") != std::string_view::npos) return page_response(request_id, what);
  return problem_response(request_id, what);
}

}  // namespace dossier::web
