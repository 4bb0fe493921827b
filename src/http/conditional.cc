#include "http/conditional.h"

#include <algorithm>

#include "http/field_rules.h"
#include "http/message.h"

namespace dossier::http {
namespace {

using kind = content_plan::kind;
using std::chrono::floor;
using std::chrono::seconds;

// One entity tag from the front of a list, with its quotes; the list goes on behind it. Nothing: malformed.
struct listed_tag {
  std::string_view tag;
  bool weak;
};
std::optional<listed_tag> take_tag(std::string_view& list) {
  bool weak = list.starts_with("W/");
  if (weak) list.remove_prefix(2);
  if (!list.starts_with('"')) return std::nullopt;
  std::size_t close = list.find('"', 1);
  if (close == std::string_view::npos) return std::nullopt;
  auto tag = list.substr(0, close + 1);
  list.remove_prefix(close + 1);
  return listed_tag{tag, weak};
}

bool not_modified(const request& req, std::string_view etag, base::time_point modified) {
  if (auto list = req.header("if-none-match")) return etag_listed(*list, etag, true);
  auto since = req.header("if-modified-since");
  auto when = since ? parse_http_date(*since) : std::nullopt;
  return when && floor<seconds>(modified) <= *when;
}

bool precondition_failed(const request& req, std::string_view etag, base::time_point modified) {
  if (auto list = req.header("if-match")) return !etag_listed(*list, etag, false);
  auto since = req.header("if-unmodified-since");
  auto when = since ? parse_http_date(*since) : std::nullopt;
  return when && floor<seconds>(modified) > *when;
}

// If-Range: the range counts only for the representation the client has; a weak tag never matches.
bool range_applies(const request& req, std::string_view etag, base::time_point modified) {
  auto condition = req.header("if-range");
  if (!condition) return true;
  auto text = trim_blanks(*condition);
  if (text.starts_with('"')) return text == etag;
  if (text.starts_with("W/")) return false;
  auto when = parse_http_date(text);
  return when && floor<seconds>(modified) == *when;
}

}  // namespace

content_plan plan_content(const request& req, std::string_view etag, base::time_point modified,
                          std::uint64_t size) {
  if (precondition_failed(req, etag, modified)) return {kind::precondition_failed, 0, 0};
  if (not_modified(req, etag, modified)) return {kind::not_modified, 0, 0};
  auto header = req.method == "GET" ? req.header("range") : std::nullopt;
  if (!header || !range_applies(req, etag, modified)) return {kind::full, 0, size};
  auto range = parse_range(*header, size);
  if (!range) return {kind::full, 0, size};
  if (range->length == 0) return {kind::unsatisfiable, 0, 0};
  return {kind::partial, range->offset, range->length};
}

std::string content_range(const content_plan& plan, std::uint64_t size) {
  std::string total = "/" + std::to_string(size);
  if (plan.what == kind::unsatisfiable || plan.length == 0) return "bytes *" + total;
  return "bytes " + std::to_string(plan.offset) + "-" + std::to_string(plan.offset + plan.length - 1) + total;
}

std::optional<byte_range> parse_range(std::string_view header, std::uint64_t size) {
  header = trim_blanks(header);
  if (header.size() < 6 || !same_ignoring_case(header.substr(0, 6), "bytes=")) return std::nullopt;
  header = trim_blanks(header.substr(6));
  std::size_t dash = header.find('-');
  if (dash == std::string_view::npos || header.find(',') != std::string_view::npos) return std::nullopt;
  auto first_text = trim_blanks(header.substr(0, dash));
  auto last_text = trim_blanks(header.substr(dash + 1));
  auto first = parse_decimal(first_text);
  auto last = parse_decimal(last_text);
  if ((!first && !first_text.empty()) || (!last && !last_text.empty()) || (!first && !last))
    return std::nullopt;
  if (!first) {
    // Of nothing its last bytes are all of it, which no Content-Range can say (RFC 9110, section 14.1.2).
    if (size == 0 && *last > 0) return std::nullopt;
    std::uint64_t length = std::min(*last, size);
    return byte_range{size - length, length};
  }
  if (last && *last < *first) return std::nullopt;
  if (*first >= size) return byte_range{0, 0};
  std::uint64_t end = last ? std::min(*last, size - 1) : size - 1;
  return byte_range{*first, end - *first + 1};
}

bool etag_listed(std::string_view list, std::string_view etag, bool weak) {
  list = trim_blanks(list);
  if (list == "*") return true;
  bool wanted_is_weak = etag.starts_with("W/");
  if (wanted_is_weak) etag.remove_prefix(2);
  if (wanted_is_weak && !weak) return false;
  while (!list.empty()) {
    if (list.front() == ',' || list.front() == ' ' || list.front() == '\t') {
      list.remove_prefix(1);
      continue;
    }
    auto one = take_tag(list);
    if (!one) return false;
    if (one->tag == etag && (weak || !one->weak)) return true;
  }
  return false;
}

}  // namespace dossier::http
