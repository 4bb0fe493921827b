// The answer to what went wrong, as a page for people and as a problem document for programs.
#pragma once

#include <string_view>

#include "base/result.h"
#include "http/message.h"
#include "web/problem.h"

namespace dossier::web {

// Under /api always a problem document; elsewhere a page, unless JSON was asked for and HTML was not. For a
// client that broke off nothing is written: the status alone, for log and metrics.
http::response error_response(const http::request& req, const problem& what);
http::response error_response(const http::request& req, const base::error& failed);

// Where only the Accept header is known (empty: not even that): a page for those who accept HTML.
http::response error_response(std::string_view accept, std::string_view request_id, const problem& what);

}  // namespace dossier::web
