#include "web/public_address.h"

#include <gtest/gtest.h>

namespace dossier::web {
namespace {

TEST(allowed_host, is_read_as_browsers_send_it) {
  for (auto [given, read] : {std::pair{"dossier.example.org", "dossier.example.org"},
                             {"Dossier.Example.ORG", "dossier.example.org"},
                             {"dossier.example.org.", "dossier.example.org"},
                             {"intranet", "intranet"},
                             {"192.0.2.1", "192.0.2.1"},
                             {"my_host", "my_host"},
                             {"[2001:DB8:0:0::1]", "[2001:db8::1]"},
                             {"2001:db8::1", "[2001:db8::1]"}}) {
    const auto host = parse_allowed_host(given);
    ASSERT_TRUE(host) << given;
    EXPECT_EQ(*host, read);
  }
}

TEST(allowed_host, is_refused_when_no_browser_would_send_it) {
  for (const char* given :
       {"", ".", "a b", "a/b", "https://a.example", "a.example:80", "[::1]:80", "[::1", "*", "*.a.example",
        "a..b", ".a", "münchen.example", "1:2:3", "a@b", "a,b", "a\nb"}) {
    EXPECT_FALSE(parse_allowed_host(given)) << given;
  }
}

TEST(public_url, is_read_as_an_origin) {
  for (auto [given, origin, host] :
       {std::tuple{"https://dossier.example.org", "https://dossier.example.org", "dossier.example.org"},
        {"https://dossier.example.org/", "https://dossier.example.org", "dossier.example.org"},
        {"HTTPS://Dossier.example.org:443", "https://dossier.example.org", "dossier.example.org"},
        {"http://dossier.example.org:80/", "http://dossier.example.org", "dossier.example.org"},
        {"http://dossier.example.org:443", "http://dossier.example.org:443", "dossier.example.org"},
        {"https://10.0.0.5:8443", "https://10.0.0.5:8443", "10.0.0.5"},
        {"https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443", "[2001:db8::1]"}}) {
    const auto where = parse_public_url(given);
    ASSERT_TRUE(where) << given;
    EXPECT_EQ(where->origin, origin);
    EXPECT_EQ(where->host, host);
    EXPECT_EQ(where->https, where->origin.starts_with("https"));
  }
}

TEST(public_url, is_refused_when_it_is_more_or_less_than_that) {
  for (const char* given :
       {"", "dossier.example.org", "ftp://a.example", "https://", "https:///", "https://a.example/people",
        "https://a@b", "https://a.example?x", "https://a.example#x",
        "https://a.example:", "https://a.example:0", "https://a.example:65536", "https://a.example:8x",
        "https://*.example", "https://[::1", "https://a:b:c"}) {
    EXPECT_FALSE(parse_public_url(given)) << given;
  }
}

}  // namespace
}  // namespace dossier::web
