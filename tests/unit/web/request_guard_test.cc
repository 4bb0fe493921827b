#include "web/frame.h"

#include <gtest/gtest.h>

#include "fake_request.h"
#include "web/routes.h"

namespace dossier::web {
namespace {

unsigned status_for(const web_settings& settings, const std::string& method, const std::string& host,
                    fake_request::header_list headers = {}, bool secure = false,
                    const std::string& path = "/") {
  fake_request req(method, path, std::move(headers));
  req.host = host;
  req.secure = secure;
  const auto asked = router(all_routes()).find(req.method, req.path);
  const auto refused = request_guard(settings).refuse(req, asked);
  return refused ? refused->status : 200;
}

TEST(request_guard, answers_to_this_machine_and_to_allowed_hosts) {
  const web_settings settings{.allowed_hosts = {"Files.Example"}};
  for (const char* host : {"localhost", "localhost:8080", "127.0.0.1", "127.0.0.1:1", "127.255.3.4:80",
                           "[::1]", "[::1]:8080", "files.example", "files.example:443"}) {
    EXPECT_EQ(status_for(settings, "GET", host), 200u) << host;
  }
}

TEST(request_guard, refuses_hosts_that_are_not_ours) {
  for (const char* host :
       {"evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example",
        "127.0.0.256", "127.0.0", "127.0.0.1.1", "127.0.0.0x1", "127..0.1", "[::2]", "[::1", "::1",
        "192.168.0.1", "0.0.0.0", "", ":8080", "xlocalhost"}) {
    EXPECT_EQ(status_for({}, "GET", host), 421u) << host;
  }
}

TEST(request_guard, lets_clients_through_that_are_no_browsers) {
  EXPECT_EQ(status_for({}, "POST", "localhost:8080"), 200u);
  EXPECT_EQ(status_for({}, "DELETE", "localhost:8080"), 200u);
}

TEST(request_guard, lets_our_own_pages_change_things) {
  EXPECT_EQ(status_for({}, "POST", "localhost:8080",
                       {{"origin", "http://localhost:8080"}, {"sec-fetch-site", "same-origin"}}),
            200u);
  EXPECT_EQ(status_for({}, "POST", "localhost:8080", {{"sec-fetch-site", "none"}}), 200u);
  EXPECT_EQ(status_for({}, "POST", "localhost:80", {{"origin", "http://localhost"}}), 200u);
  EXPECT_EQ(status_for({}, "POST", "localhost", {{"origin", "https://localhost"}}, true), 200u);
  EXPECT_EQ(status_for({.https = true}, "POST", "localhost:443", {{"origin", "https://localhost"}}), 200u);
}

TEST(request_guard, refuses_changes_from_other_sites) {
  for (const char* origin :
       {"http://evil.example", "null", "", "http://localhost", "http://localhost:8081",
        "https://localhost:8080", "http://localhost:8080.evil.example", "http:localhost:8080"}) {
    for (const char* method : {"POST", "PATCH", "DELETE", "PUT"}) {
      EXPECT_EQ(status_for({}, method, "localhost:8080", {{"origin", origin}}), 403u)
          << method << ' ' << origin;
    }
  }
  for (const char* site : {"cross-site", "same-site", "", "SAME-ORIGIN", "what"}) {
    EXPECT_EQ(status_for({}, "POST", "localhost:8080", {{"sec-fetch-site", site}}), 403u) << site;
  }
  EXPECT_EQ(status_for({.https = true}, "POST", "localhost:8080", {{"origin", "http://localhost:8080"}}),
            403u);
}

TEST(request_guard, answers_probes_under_any_name) {
  for (const char* path : {"/livez", "/readyz", "/metrics"}) {
    for (const char* host : {"", "10.0.0.7:8080", "evil.example"}) {
      EXPECT_EQ(status_for({}, "GET", host, {}, false, path), 200u) << path << ' ' << host;
    }
  }
  for (const char* path : {"/healthz", "/livez/", "/people", "/metricsx"}) {
    EXPECT_EQ(status_for({}, "GET", "evil.example", {}, false, path), 421u) << path;
  }
}

// A proxy sends as Host its own name for us, or the name that people typed.
TEST(request_guard, compares_origins_with_the_addresses_that_people_use) {
  const web_settings behind{.allowed_hosts = {"https://Files.Example:8443/"}, .https = true};
  for (const char* host : {"127.0.0.1:8080", "files.example", "files.example:8443"}) {
    EXPECT_EQ(status_for(behind, "POST", host, {{"origin", "https://files.example:8443"}}), 200u) << host;
    for (const char* other : {"https://files.example:84430", "http://files.example:8443",
                              "https://files.example:8443.evil", "https://evil.example", "null"}) {
      EXPECT_EQ(status_for(behind, "POST", host, {{"origin", other}}), 403u) << host << ' ' << other;
    }
  }
  EXPECT_EQ(status_for(behind, "GET", "other.example"), 421u);

  const web_settings named{.allowed_hosts = {"files.example", "[2001:db8::1]"}};
  for (const char* origin : {"https://files.example", "http://files.example", "https://[2001:db8::1]"}) {
    EXPECT_EQ(status_for(named, "POST", "127.0.0.1:8080", {{"origin", origin}}), 200u) << origin;
  }
  EXPECT_EQ(status_for(named, "POST", "files.example:9000", {{"origin", "http://files.example:9000"}}), 200u);
  for (const char* origin :
       {"https://files.example:9000", "https://files.example.evil", "ftp://files.example"}) {
    EXPECT_EQ(status_for(named, "POST", "127.0.0.1:8080", {{"origin", origin}}), 403u) << origin;
  }
  // If we are reached over TLS, a page that came without TLS is another site.
  EXPECT_EQ(status_for({.allowed_hosts = {"files.example"}, .https = true}, "POST", "127.0.0.1:8080",
                       {{"origin", "http://files.example"}}),
            403u);
}

TEST(request_guard, takes_a_name_with_the_dot_that_ends_it) {
  EXPECT_EQ(status_for({.allowed_hosts = {"files.example"}}, "GET", "files.example.:8080"), 200u);
}

TEST(request_guard, lets_other_sites_link_here) {
  EXPECT_EQ(status_for({}, "GET", "localhost:8080", {{"sec-fetch-site", "cross-site"}}), 200u);
  EXPECT_EQ(status_for({}, "GET", "localhost:8080",
                       {{"sec-fetch-site", "cross-site"}, {"sec-fetch-mode", "navigate"}}),
            200u);
}

TEST(request_guard, lets_other_sites_show_nothing_in_frames_and_objects) {
  const auto shown_as = [](std::string what) {
    return status_for({}, "GET", "localhost:8080",
                      {{"sec-fetch-site", "cross-site"},
                       {"sec-fetch-mode", "navigate"},
                       {"sec-fetch-dest", std::move(what)}});
  };
  EXPECT_EQ(shown_as("document"), 200u);
  for (const char* inside : {"iframe", "frame", "object", "embed", "empty"})
    EXPECT_EQ(shown_as(inside), 403u) << inside;
}

TEST(request_guard, lets_other_sites_load_nothing_into_their_pages) {
  for (const char* mode : {"no-cors", "cors", "same-origin", "websocket", ""}) {
    EXPECT_EQ(status_for({}, "GET", "localhost:8080",
                         {{"sec-fetch-site", "cross-site"}, {"sec-fetch-mode", mode}}, false, "/people"),
              403u)
        << mode;
  }
}

TEST(request_guard, wants_to_know_where_a_change_with_a_session_comes_from) {
  const fake_request::header_list cookie{{"cookie", "a=b; dossier=secret"}};
  EXPECT_EQ(status_for({}, "POST", "localhost:8080", cookie), 403u);
  EXPECT_EQ(status_for({}, "POST", "localhost:8080", {cookie[0], {"sec-fetch-site", "same-origin"}}), 200u);
  EXPECT_EQ(status_for({}, "POST", "localhost:8080", {cookie[0], {"origin", "http://localhost:8080"}}), 200u);
  EXPECT_EQ(status_for({}, "GET", "localhost:8080", cookie), 200u);
}

}  // namespace
}  // namespace dossier::web
