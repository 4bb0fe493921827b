// The answer to an error: a page for people, a problem document for programs.
#pragma once

#include <string_view>

#include "base/result.h"
#include "http/message.h"
#include "web/problem.h"

namespace dossier::web {

// Under /api/ always a problem document; elsewhere a page, unless the client asked for JSON and not for HTML.
// If the client broke off, nobody reads the answer: it has only the status, for log and metrics.
http::response error_response(const http::request& req, const problem& what);
http::response error_response(const http::request& req, const base::error& failed);

// For when only the Accept header is known (empty: not even that). A page if it accepts HTML, otherwise a
// problem document.
http::response error_response(std::string_view accept, std::string_view request_id, const problem& what);

}  // namespace dossier::web
