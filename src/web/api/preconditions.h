// Conditional requests. With If-None-Match on reads, clients do not fetch again what they have. With If-Match
// on changes and deletions, no client overwrites what it has not seen.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"
#include "web/problem.h"

namespace dossier::web::api {

// The versions an If-Match header names.
struct expected_versions {
  bool any = false;                    // *
  std::vector<std::int64_t> versions;  // empty without `any`: no version can match
};

// `"3"`, `"3", "4"` or `*`. Weak tags, and tags that Dossier did not make, match nothing (RFC 9110, section
// 13.1.1).
expected_versions parse_if_match(std::string_view header);

// 412 for an If-Match that can never match because it has no quotes or is weak; the message shows what an
// ETag looks like. Empty if it could match. `example` is an ETag, with its quotes.
std::optional<problem> misspelled_if_match(std::string_view header, std::string_view example);

// 304 with this ETag when the client's If-None-Match lists it, because the client has the current version.
// Empty if it does not.
std::optional<http::response> unchanged(const http::request& req, const std::string& etag);

// 428: an If-Match is needed.
problem precondition_required();
// 412.
problem precondition_failed();

}  // namespace dossier::web::api
