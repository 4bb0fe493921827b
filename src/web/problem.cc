#include "web/problem.h"

#include <utility>

#include "base/expects.h"
#include "base/json_text.h"
#include "web/pages/error_page.h"
#include "web/pages/page.h"

namespace dossier::web {
namespace {

struct status_words {
  unsigned status;
  std::string_view slug;  // the end of the problem's type, and its place on the page /api
  std::string_view title;
};

constexpr status_words words[] = {
    {400, "malformed", "Bad Request"},
    {401, "unauthorized", "Unauthorized"},
    {403, "forbidden", "Forbidden"},
    {404, "not-found", "Not Found"},
    {405, "method-not-allowed", "Method Not Allowed"},
    {408, "timed-out", "Request Timeout"},
    {409, "conflict", "Conflict"},
    {410, "gone", "Gone"},
    {412, "stale", "Precondition Failed"},
    {413, "too-large", "Content Too Large"},
    {414, "address-too-long", "URI Too Long"},
    {415, "unsupported-media-type", "Unsupported Media Type"},
    {416, "range-not-satisfiable", "Range Not Satisfiable"},
    {417, "expectation-failed", "Expectation Failed"},
    {421, "misdirected", "Misdirected Request"},
    {422, "invalid", "Unprocessable Content"},
    {428, "precondition-required", "Precondition Required"},
    {429, "rate-limited", "Too Many Requests"},
    {431, "headers-too-large", "Request Header Fields Too Large"},
    {500, "internal", "Internal Server Error"},
    {501, "not-implemented", "Not Implemented"},
    {503, "unavailable", "Service Unavailable"},
    {505, "version-not-supported", "HTTP Version Not Supported"},
    {507, "no-space", "Insufficient Storage"},
};

const status_words* find_words(unsigned status) {
  for (const auto& each : words) {
    if (each.status == status) return &each;
  }
  return nullptr;
}

// A store that cannot be reached is usually back within seconds. Without Retry-After, clients would try again
// at once.
constexpr std::chrono::seconds default_retry{5};

bool is_for_programs(std::string_view path) {
  return path == "/api/v1" || path.starts_with("/api/");
}

http::response page_response(std::string_view request_id, const problem& what) {
  auto answer = html_answer(what.status, render_error_page(what.status, what.detail, request_id));
  set_retry_after(answer, what);
  return answer;
}

}  // namespace

unsigned status_of(base::error_code code) {
  switch (code) {
    case base::error_code::not_found:
      return 404;
    case base::error_code::conflict:
      return 409;
    case base::error_code::gone:
      return 410;
    case base::error_code::stale:
      return 412;
    case base::error_code::invalid:
      return 422;
    case base::error_code::malformed:
      return 400;
    case base::error_code::unauthorized:
      return 403;
    case base::error_code::too_large:
      return 413;
    case base::error_code::rate_limited:
      return 429;
    case base::error_code::timed_out:
      return 408;
    case base::error_code::unavailable:
      return 503;
    case base::error_code::no_space:
      return 507;
    case base::error_code::internal:
      return 500;
  }
  base::not_reached();
}

std::string_view title_of(unsigned status) {
  const auto* found = find_words(status);
  return found != nullptr ? found->title : "Error";
}

problem describe(const base::error& failed) {
  return {status_of(failed.code), failed.message, failed.fields, failed.retry_after};
}

http::response problem_response(std::string_view request_id, const problem& what) {
  base::expects(what.status >= 400 && what.status < 600, "a problem has the status of an error");
  const auto* found = find_words(what.status);
  std::string json = R"({"type":")";
  json += found != nullptr ? "/api#" : "about:blank";
  if (found != nullptr) json += found->slug;
  json += R"(","title":)";
  base::append_json_string(json, title_of(what.status));
  json += R"(,"status":)" + std::to_string(what.status) + R"(,"detail":)";
  base::append_json_string(json, what.detail);
  json += R"(,"instance":)";
  base::append_json_string(json, request_id);
  json += R"(,"errors":[)";
  for (const auto& each : what.fields) {
    if (json.back() != '[') json += ',';
    json += R"({"field":)";
    base::append_json_string(json, each.field);
    json += R"(,"message":)";
    base::append_json_string(json, each.message);
    json += '}';
  }
  json += "]}";

  auto answer = http::text_response(what.status, "application/problem+json", std::move(json));
  set_retry_after(answer, what);
  return answer;
}

http::response problem_response(std::string_view request_id, const base::error& failed) {
  return problem_response(request_id, describe(failed));
}

void set_retry_after(http::response& answer, const problem& what) {
  auto wait = what.retry_after;
  if (!wait && (what.status == 429 || what.status == 503)) wait = default_retry;
  if (wait) answer.set("Retry-After", std::to_string(wait->count()));
}

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
