#include "web/frame.h"

#include <gtest/gtest.h>

#include "site_under_test.h"

namespace dossier::web {
namespace {

TEST(frame, labels_answers_with_their_route) {
  site_under_test site;
  EXPECT_EQ(site.send("GET", "/api/v1/people/7").route, "/api/v1/people/{id}");
  EXPECT_EQ(site.send("GET", "/api/v1/nothing").route, "other");
}

TEST(frame, puts_safe_headers_on_every_answer) {
  site_under_test site;
  for (const char* target : {"/api/v1/people", "/api/v1/nothing", "/livez", "/nothing", "/api"}) {
    const auto answer = site.send("GET", target);
    EXPECT_EQ(header_of(answer, "X-Content-Type-Options"), "nosniff") << target;
    EXPECT_EQ(header_of(answer, "Referrer-Policy"), "same-origin") << target;
    EXPECT_TRUE(header_of(answer, "Content-Security-Policy").starts_with("default-src 'none'")) << target;
    EXPECT_TRUE(find_header(answer, "Cache-Control")) << target;
    EXPECT_FALSE(find_header(answer, "Strict-Transport-Security")) << target;
  }
}

TEST(frame, gives_pages_a_policy_without_inline_anything) {
  site_under_test site;
  const auto policy = header_of(site.send("GET", "/api"), "Content-Security-Policy");
  EXPECT_NE(policy.find("script-src 'self';"), std::string::npos);
  EXPECT_NE(policy.find("frame-ancestors 'none'"), std::string::npos);
  EXPECT_EQ(policy.find("unsafe"), std::string::npos);
  EXPECT_EQ(header_of(site.send("GET", "/api"), "Cross-Origin-Opener-Policy"), "same-origin");
}

TEST(frame, asks_for_tls_where_it_is_served) {
  site_under_test site({}, {.https = true});
  EXPECT_EQ(header_of(site.send("GET", "/livez"), "Strict-Transport-Security"), "max-age=31536000");
}

TEST(frame, keeps_details_out_of_caches) {
  site_under_test site;
  site.submit();
  EXPECT_EQ(header_of(site.send("GET", "/api/v1/people/1"), "Cache-Control"), "private, no-cache");
  EXPECT_EQ(header_of(site.send("GET", "/api/v1/people"), "Cache-Control"), "no-store");
  EXPECT_EQ(header_of(site.submit(), "Cache-Control"), "no-store");
  EXPECT_EQ(header_of(site.send("GET", "/api/v1/people/9"), "Cache-Control"), "no-store");
}

TEST(frame, answers_programs_with_problems_and_people_with_pages) {
  site_under_test site;
  const auto type = [&](const char* target, const char* accept) {
    return header_of(site.send("GET", target, {{"accept", accept}}), "Content-Type");
  };
  EXPECT_EQ(type("/api/v1/nothing", "text/html"), "application/problem+json");
  EXPECT_EQ(type("/nothing", "text/html,*/*;q=0.8"), "text/html; charset=utf-8");
  EXPECT_EQ(type("/nothing", "*/*"), "text/html; charset=utf-8");
  EXPECT_EQ(type("/nothing", "application/json"), "application/problem+json");
}

TEST(frame, says_which_methods_an_address_answers_to) {
  site_under_test site;
  const auto answer = site.send("PUT", "/api/v1/people/7");
  EXPECT_EQ(answer.status, 405u);
  EXPECT_EQ(header_of(answer, "Allow"), "GET, HEAD, PATCH, DELETE");
  EXPECT_EQ(header_of(answer, "Content-Type"), "application/problem+json");
}

TEST(frame, leads_from_an_address_with_a_slash_to_the_one_without) {
  site_under_test site;
  for (const auto& [target, there] : std::vector<std::pair<std::string, std::string>>{
           {"/api/", "/api"},
           {"/api/v1/people/", "/api/v1/people"},
           {"/api/v1/people//", "/api/v1/people"},
           {"/api/v1/people/?q=a%20b&q=/", "/api/v1/people?q=a%20b&q=/"},
           {"/api/v1/people/?q=\xc3\xa9", "/api/v1/people?q=%C3%A9"},
           {"/api/v1/people/7/files/", "/api/v1/people/7/files"},
           {"/api/v1/people/\xc3\xa9 /", "/api/v1/people/%C3%A9%20"},
           {"/livez/", "/livez"}}) {
    for (const char* method : {"GET", "HEAD", "POST", "PATCH", "DELETE"}) {
      const auto answer = site.send(method, target);
      EXPECT_EQ(answer.status, 308u) << method << target;
      EXPECT_EQ(header_of(answer, "Location"), there) << method;
    }
  }
  for (const char* target : {"/nothing/", "/api/v1/", "//", "/api/v1/people/7/nothing/", "//evil.example/",
                             "/api/v1/people//7/"}) {
    EXPECT_EQ(site.send("GET", target).status, 404u) << target;
  }
}

TEST(frame, refuses_a_body_that_is_encoded) {
  site_under_test site;
  for (const char* encoding : {"gzip", "GZIP", "x-gzip", "deflate", "br", "zstd", "compress",
                               "identity, gzip", "aws-chunked", "nonsense"}) {
    for (const char* method : {"POST", "PATCH", "DELETE"}) {
      const std::string_view target =
          std::string_view(method) == "POST" ? "/api/v1/people" : "/api/v1/people/1";
      fake_request req(method, target, {{"content-encoding", encoding}, json_type, {"if-match", "*"}}, "{}");
      const auto answer = site.send(req);
      EXPECT_EQ(answer.status, 415u) << method << encoding;
      EXPECT_EQ(header_of(answer, "Accept-Encoding"), "identity");
      EXPECT_FALSE(req.body_was_read);
    }
  }
  fake_request chunked("POST", "/api/v1/people", {{"content-encoding", "gzip"}, json_type}, "{}");
  chunked.content_length.reset();
  EXPECT_EQ(site.send(chunked).status, 415u);
  const std::string anna = R"({"name":"A","location":"B","age":1,"technology":"C"})";
  for (const char* encoding : {"identity", "Identity", ""}) {
    EXPECT_EQ(site.send("POST", "/api/v1/people", {{"content-encoding", encoding}, json_type}, anna).status,
              201u)
        << encoding;
  }
  EXPECT_EQ(site.send("GET", "/api/v1/people", {{"content-encoding", "gzip"}}).status, 200u);
}

TEST(frame, refuses_before_it_routes) {
  site_under_test site;
  fake_request rebound("GET", "/api/v1/people");
  rebound.host = "evil.example";
  EXPECT_EQ(site.send(rebound).status, 421u);
  fake_request forged("POST", "/api/v1/people", {{"origin", "http://evil.example"}, json_type}, "{}");
  EXPECT_EQ(site.send(forged).status, 403u);
  EXPECT_FALSE(forged.body_was_read);
}

TEST(frame, has_an_answer_to_what_never_became_a_request) {
  site_under_test site;
  auto page = site.site->error_page(400, "The request cannot be read.", "req-5", "text/html");
  EXPECT_EQ(header_of(page, "Content-Type"), "text/html; charset=utf-8");
  EXPECT_NE(body_of(page).find("req-5"), std::string::npos);
  auto problem = site.site->error_page(431, "The headers are too long.", "req-6", "");
  EXPECT_EQ(header_of(problem, "Content-Type"), "application/problem+json");
  EXPECT_EQ(problem.status, 431u);
  EXPECT_EQ(header_of(problem, "X-Content-Type-Options"), "nosniff");
}

TEST(operations, tell_whether_to_send_requests_here) {
  site_under_test site;
  bool ready = true;
  site.ctx.ops.ready = [&] {
    return ready;
  };
  EXPECT_EQ(site.send("GET", "/readyz").status, 200u);
  ready = false;
  EXPECT_EQ(site.send("GET", "/readyz").status, 503u);
  EXPECT_EQ(site.send("GET", "/livez").status, 200u);
}

awaitable<std::vector<store_health>> two_stores(bool objects_healthy) {
  co_return std::vector<store_health>{{"records", true, "answers in 1 ms"},
                                      {"objects", objects_healthy, "is \"away\""}};
}

TEST(operations, tell_the_health_of_each_store) {
  site_under_test site;
  bool healthy = true;
  site.ctx.ops.check_stores = [&] {
    return two_stores(healthy);
  };
  auto answer = site.send("GET", "/healthz");
  EXPECT_EQ(answer.status, 200u);
  healthy = false;
  answer = site.send("GET", "/healthz");
  EXPECT_EQ(answer.status, 503u);
  EXPECT_EQ(body_of(answer),
            "{\"status\":\"unavailable\",\"stores\":["
            "{\"store\":\"records\",\"healthy\":true,\"detail\":\"answers in 1 ms\"},"
            "{\"store\":\"objects\",\"healthy\":false,\"detail\":\"is \\\"away\\\"\"}]}\n");
}

awaitable<std::string> some_metrics() {
  co_return "dossier_up 1\n";
}

TEST(operations, show_metrics_as_text) {
  site_under_test site;
  site.ctx.ops.metrics = [] {
    return some_metrics();
  };
  auto answer = site.send("GET", "/metrics");
  EXPECT_EQ(body_of(answer), "dossier_up 1\n");
  EXPECT_TRUE(header_of(answer, "Content-Type").starts_with("text/plain; version=0.0.4"));
}

}  // namespace
}  // namespace dossier::web
