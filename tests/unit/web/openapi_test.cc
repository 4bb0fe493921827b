#include "web/api/openapi.h"

#include <gtest/gtest.h>

#include "base/ascii.h"
#include "site_under_test.h"
#include "web/problem.h"

namespace dossier::web {
namespace {

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(openapi, is_served_with_the_version_of_the_binary) {
  site_under_test site({}, {.version = "9.8.7"});
  auto answer = site.send("GET", "/api/v1/openapi.json");
  EXPECT_EQ(header_of(answer, "Content-Type"), "application/json");
  const auto document = body_of(answer);
  EXPECT_TRUE(document.starts_with('{'));
  EXPECT_TRUE(contains(document, "\"version\": \"9.8.7\""));
  EXPECT_FALSE(contains(document, "@version@"));
}

// What the document says of one path; empty when it says nothing.
std::string described(const std::string& document, std::string_view pattern) {
  const auto from = document.find("\n  \"" + std::string(pattern) + "\": {");
  if (from == std::string::npos) return {};
  return document.substr(from, document.find("\n  }", from) - from);
}

TEST(openapi, describes_every_call_of_the_api) {
  const auto document = api::openapi_document("1");
  for (const auto& each : all_routes()) {
    if (!each.pattern.starts_with("/api/v1")) continue;
    const auto path = described(document, each.pattern);
    const auto method = "\n   \"" + base::ascii_lower(each.method) + "\": {";
    EXPECT_TRUE(contains(path, method)) << each.method << " " << each.pattern;
  }
}

TEST(openapi, explains_every_kind_of_problem) {
  auto page = api::render_api_page(api::openapi_document("1"));
  for (const unsigned status :
       {400u, 403u, 404u, 408u, 409u, 410u, 412u, 413u, 415u, 416u, 421u, 422u, 428u, 500u, 503u, 507u}) {
    auto answer = problem_response("r", problem{status, "x"});
    const auto json = body_of(answer);
    const auto slug = json.substr(14, json.find('"', 14) - 14);
    EXPECT_TRUE(contains(page, "<dt id=\"" + slug + "\">" + std::to_string(status))) << json;
  }
}

TEST(openapi, is_readable_as_a_page) {
  site_under_test site;
  auto answer = site.send("GET", "/api");
  EXPECT_EQ(answer.status, 200u);
  const auto page = body_of(answer);
  for (const char* part : {"<title>API", "POST /api/v1/people/{id}/files", "Idempotency-Key", "PATCH", "HEAD",
                           "multipart/form-data", "<a href=\"/api/v1/openapi.json\">"}) {
    EXPECT_TRUE(contains(page, part)) << part;
  }
  EXPECT_FALSE(contains(page, "style=")) << "the policy allows no inline style";
}

TEST(published_api, is_made_once_and_shown_again_and_again) {
  api::published_api published("1");
  const auto page = published.page();
  EXPECT_EQ(page, api::render_api_page(api::openapi_document("1")));
  EXPECT_EQ(published.page().data(), page.data());
  EXPECT_EQ(published.document().data(), published.document().data());
}

}  // namespace
}  // namespace dossier::web
