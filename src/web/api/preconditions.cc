#include "web/api/preconditions.h"

#include "http/conditional.h"
#include "web/api/resources.h"

namespace dossier::web::api {
namespace {

std::string_view trim_blanks(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

expected_versions parse_if_match(std::string_view header) {
  expected_versions expected;
  if (trim_blanks(header) == "*") {
    expected.any = true;
    return expected;
  }
  while (!header.empty()) {
    // Our tags hold digits only, so a comma inside a foreign tag makes two tags that match nothing.
    const auto comma = header.find(',');
    const auto tag = trim_blanks(header.substr(0, comma));
    if (tag.size() > 2 && tag.front() == '"' && tag.back() == '"') {
      if (const auto version = path_id(tag.substr(1, tag.size() - 2))) expected.versions.push_back(*version);
    }
    header = comma == std::string_view::npos ? std::string_view() : header.substr(comma + 1);
  }
  return expected;
}

std::optional<http::response> unchanged(const http::request& req, const std::string& etag) {
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
