// Conditional and range requests (RFC 9110, sections 13 and 14), as pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace dossier::http {

class request;

// What to send of a file's content.
struct content_plan {
  enum class kind { full, partial, not_modified, unsatisfiable, precondition_failed } what = kind::full;
  std::uint64_t offset = 0;  // of the first byte to send
  std::uint64_t length = 0;
};

// Decides the answer to a GET or HEAD of content with this strong ETag (with its quotes), time of change and
// size, from If-Match, If-None-Match, If-Modified-Since, If-Unmodified-Since, Range and If-Range. A request
// for several ranges gets the full content.
content_plan plan_content(const request& req, std::string_view etag, base::time_point modified,
                          std::uint64_t size);

// "bytes 0-99/1000", or "bytes */1000" when the range is unsatisfiable.
std::string content_range(const content_plan& plan, std::uint64_t size);

// The range of a Range header, limited to the content's size. Empty when the whole content must be sent: the
// header is not a range of bytes, names several ranges, or asks for the last bytes of empty content.
struct byte_range {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;  // 0: not satisfiable
};
std::optional<byte_range> parse_range(std::string_view header, std::uint64_t size);

// Whether an If-Match or If-None-Match list holds this ETag, or is *. `weak`: W/ prefixes are ignored;
// otherwise a weak ETag matches nothing.
bool etag_listed(std::string_view list, std::string_view etag, bool weak);

// Reads an IMF-fixdate or one of the two obsolete forms. Empty when the text is none of them.
std::optional<base::time_point> parse_http_date(std::string_view text);

}  // namespace dossier::http
