// Conditional and range requests (RFC 9110, sections 13 and 14), as pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace dossier::http {

class request;

// What to send of a representation that has this strong ETag (with its quotes), time and size.
struct content_plan {
  enum class kind { full, partial, not_modified, unsatisfiable, precondition_failed } what = kind::full;
  std::uint64_t offset = 0;  // of what is sent
  std::uint64_t length = 0;
};

// For GET and HEAD: If-Match, If-None-Match, If-Modified-Since, Range, If-Range. Many ranges: full.
content_plan plan_content(const request& req, std::string_view etag, base::time_point modified,
                          std::uint64_t size);

// "bytes 0-99/1000" and, unsatisfiable, "bytes */1000".
std::string content_range(const content_plan& plan, std::uint64_t size);

// One range of a Range header, cut to the size. Nothing: no bytes range, or many, or the end of nothing
// (answer whole).
struct byte_range {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;  // 0: not satisfiable
};
std::optional<byte_range> parse_range(std::string_view header, std::uint64_t size);

// Whether an If-Match or If-None-Match list holds this ETag, or is *. `weak`: W/ prefixes are ignored.
bool etag_listed(std::string_view list, std::string_view etag, bool weak);

// An IMF-fixdate (the two obsolete forms too).
std::optional<base::time_point> parse_http_date(std::string_view text);

}  // namespace dossier::http
