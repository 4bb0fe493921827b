// If-None-Match on what is read: nobody fetches again what they have. If-Match on what changes or deletes:
// nobody overwrites what they have not seen.
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
  std::vector<std::int64_t> versions;  // empty and not any: none that could match
};

// `"3"`, `"3", "4"` or `*`. Weak and foreign tags match nothing, as RFC 9110, section 13.1.1, has it.
expected_versions parse_if_match(std::string_view header);

// 412 for an If-Match that cannot match as it is written, without quotes or weak: it says what an ETag looks
// like. Nothing: it can. `example` is an ETag, with its quotes.
std::optional<problem> misspelled_if_match(std::string_view header, std::string_view example);

// 304 with this ETag when the client's If-None-Match lists it: what it has is what there is.
std::optional<http::response> unchanged(const http::request& req, const std::string& etag);

// 428: an If-Match is needed.
problem precondition_required();
// 412.
problem precondition_failed();

}  // namespace dossier::web::api
