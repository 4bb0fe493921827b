#include "web/api/preconditions.h"

#include "base/ascii.h"
#include "base/expects.h"
#include "http/conditional.h"
#include "web/api/resources.h"

namespace dossier::web::api {
namespace {

struct spelled_tags {
  bool well = true;
  bool strong = false;
  bool weak = false;
};

// entity-tag = [ "W/" ] DQUOTE *etagc DQUOTE, in a list (RFC 9110, sections 8.8.3 and 5.6.1).
spelled_tags spelling_of(std::string_view list) {
  spelled_tags found;
  while (true) {
    while (!list.empty() && (list.front() == ',' || list.front() == ' ' || list.front() == '\t')) {
      list.remove_prefix(1);
    }
    if (list.empty()) break;
    const bool weak = list.starts_with("W/");
    if (weak) list.remove_prefix(2);
    const auto close = list.starts_with('"') ? list.find('"', 1) : std::string_view::npos;
    if (close == std::string_view::npos) return {.well = false};
    list = base::trim_blanks(list.substr(close + 1));
    if (!list.empty() && list.front() != ',') return {.well = false};
    (weak ? found.weak : found.strong) = true;
  }
  found.well = found.strong || found.weak;
  return found;
}

}  // namespace

std::optional<problem> misspelled_if_match(std::string_view header, std::string_view example) {
  if (base::trim_blanks(header) == "*") return std::nullopt;
  const auto found = spelling_of(header);
  const auto right = "Send it as the ETag header had it, like If-Match: " + std::string(example) + ".";
  if (!found.well) return problem{412, "If-Match holds no ETag: an ETag stands in double quotes. " + right};
  if (found.strong) return std::nullopt;
  return problem{412, "If-Match holds a weak ETag (W/…), which matches nothing here. " + right};
}

expected_versions parse_if_match(std::string_view header) {
  expected_versions expected;
  if (base::trim_blanks(header) == "*") {
    expected.any = true;
    return expected;
  }
  while (!header.empty()) {
    // Dossier's tags hold only digits. Another tag with a comma in it is taken for two tags, and neither
    // matches.
    const auto comma = header.find(',');
    const auto tag = base::trim_blanks(header.substr(0, comma));
    if (tag.size() > 2 && tag.front() == '"' && tag.back() == '"') {
      if (const auto version = path_id(tag.substr(1, tag.size() - 2))) expected.versions.push_back(*version);
    }
    header = comma == std::string_view::npos ? std::string_view() : header.substr(comma + 1);
  }
  return expected;
}

std::optional<http::response> unchanged(const http::request& req, const std::string& etag) {
  base::expects(etag.size() > 2 && etag.front() == '"' && etag.back() == '"', "an ETag stands in quotes");
  const auto known = req.header("if-none-match");
  if (!known || !http::etag_listed(*known, etag, true)) return std::nullopt;
  http::response answer;
  answer.status = 304;
  answer.set("ETag", etag);
  return answer;
}

problem precondition_required() {
  return {428, "Send If-Match with the ETag of what you read, or * to go ahead whatever it is now."};
}

problem precondition_failed() {
  return {412,
          "This has changed since you read it. Read it again, then repeat the change with its new ETag."};
}

}  // namespace dossier::web::api
