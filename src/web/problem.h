// The one place where the domain's errors become HTTP answers: a status, and for programs an
// application/problem+json document (RFC 9457) with `errors: [{field, message}]`.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/message.h"

namespace dossier::web {

unsigned status_of(base::error_code code);
// "Not Found"
std::string_view title_of(unsigned status);

struct problem {
  unsigned status = 500;
  std::string detail;  // one sentence, safe to show to anyone
  std::vector<base::field_error> fields = {};
  std::optional<std::chrono::seconds> retry_after = {};
};

problem describe(const base::error& failed);

http::response problem_response(std::string_view request_id, const problem& what);
http::response problem_response(std::string_view request_id, const base::error& failed);

// Adds Retry-After, if it may help to try again later.
void set_retry_after(http::response& answer, const problem& what);

// The answer to an error: a page for people, a problem document for programs.

// Under /api/ always a problem document; elsewhere a page, unless the client asked for JSON and not for HTML.
// If the client broke off, nobody reads the answer: it has only the status, for log and metrics.
http::response error_response(const http::request& req, const problem& what);
http::response error_response(const http::request& req, const base::error& failed);

// For when only the Accept header is known (empty: not even that). A page if it accepts HTML, otherwise a
// problem document.
http::response error_response(std::string_view accept, std::string_view request_id, const problem& what);

}  // namespace dossier::web
