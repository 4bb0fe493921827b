#include "http/url.h"

#include <gtest/gtest.h>

#include "http/message.h"

namespace dossier::http {
namespace {

std::optional<std::string> path_of(std::string_view target, std::string_view method = "GET") {
  split_target split;
  if (!parse_target(target, method, split)) return std::nullopt;
  return split.path;
}

TEST(parse_target, splits_and_decodes_the_path_once) {
  split_target split;
  ASSERT_TRUE(parse_target("/people/a%20b?q=a%20b&x=?", "GET", split));
  EXPECT_EQ(split.path, "/people/a b");
  EXPECT_EQ(split.query, "q=a%20b&x=?");
  EXPECT_EQ(path_of("/%2541"), "/%41");
}

TEST(parse_target, refuses_paths_that_leave_their_folder_however_they_are_written) {
  for (auto target : {"/..", "/../etc", "/a/../b", "/./a", "/a/.", "/%2e%2e/etc", "/.%2e/", "/a%2f..%2fb",
                      "/a%2Fb", "/a%5c..%5cb"}) {
    EXPECT_FALSE(path_of(target)) << target;
  }
  EXPECT_EQ(path_of("/..a/.b/c."), "/..a/.b/c.");
}

TEST(parse_target, refuses_control_characters_and_bad_escapes) {
  for (auto target : {"/%00", "/%0a", "/%7f", "/%1f", "/%", "/%4", "/%zz", "/%ff", "/%c3", "/a#b", "",
                      "people", "/\x80", "/a b", "/%c2%85"}) {
    EXPECT_FALSE(path_of(target)) << target;
  }
  EXPECT_EQ(path_of("/%c3%a9"), "/\xc3\xa9");
}

TEST(parse_target, takes_utf_8_as_it_is) {
  for (auto target : {"/\xc3\xa9", "/%c3%a9", "/%C3%A9?x", "http://example.org/\xc3\xa9"}) {
    EXPECT_EQ(path_of(target), "/\xc3\xa9") << target;
  }
  EXPECT_EQ(path_of("/\xe6\x9d\x8e\xe5\xb0\x8f\xe9\xbe\x99/\xf0\x9f\x98\x80"),
            "/\xe6\x9d\x8e\xe5\xb0\x8f\xe9\xbe\x99/\xf0\x9f\x98\x80");
  split_target split;
  ASSERT_TRUE(parse_target("/people?q=\xc3\x85sa+%C3%85", "GET", split));
  EXPECT_EQ(split.query, "q=\xc3\x85sa+%C3%85");
  // Half a character, an overlong one, a surrogate, Latin-1, control characters beyond ASCII; wherever they
  // stand.
  for (auto bytes : {"\xc3", "\xa9", "\xe9", "\xc0\xaf", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\xff",
                     "\xc2\x80", "\xc2\x85", "%c3\xa9", "\xc3%a9", "\xc0\xae\xc0\xae"}) {
    EXPECT_FALSE(path_of("/a" + std::string(bytes))) << bytes;
    if (std::string_view(bytes).find('%') != std::string_view::npos) continue;
    EXPECT_FALSE(path_of("/a?q=" + std::string(bytes))) << bytes;
  }
}

TEST(parse_target, takes_an_absolute_address_and_its_host) {
  split_target split;
  ASSERT_TRUE(parse_target("http://Example.org:8080/a?b", "GET", split));
  EXPECT_EQ(split.path, "/a");
  EXPECT_EQ(split.query, "b");
  EXPECT_EQ(split.host, "Example.org:8080");
  EXPECT_EQ(path_of("https://example.org"), "/");
  EXPECT_EQ(path_of("http://example.org?x"), "/");
  for (auto target : {"ftp://example.org/", "http:///a", "http://u:p@example.org/", "example.org:443"}) {
    EXPECT_FALSE(path_of(target)) << target;
  }
}

TEST(parse_target, takes_the_star_only_for_options) {
  EXPECT_EQ(path_of("*", "OPTIONS"), "*");
  EXPECT_FALSE(path_of("*", "GET"));
}

TEST(is_valid_host, takes_names_and_addresses) {
  for (auto host : {"localhost", "example.org:8080", "127.0.0.1", "[::1]", "[::1]:8080", "a_b-c.d"}) {
    EXPECT_TRUE(is_valid_host(host)) << host;
  }
  for (auto host :
       {"", ":80", "a b", "a/b", "a:b", "a:99999", "a:", "[::1", "[]", "u@h", "a,b", "[::1]x", "a\tb"}) {
    EXPECT_FALSE(is_valid_host(host)) << host;
  }
}

TEST(field_rules, tell_numbers_tokens_and_ids) {
  EXPECT_EQ(parse_decimal("0012"), 12U);
  for (auto text : {"", "+1", "-1", "1a", " 1", "9999999999999999999"})
    EXPECT_FALSE(parse_decimal(text)) << text;
  EXPECT_TRUE(is_token("X-Request-Id"));
  EXPECT_FALSE(is_token("a b"));
  EXPECT_TRUE(is_sane_id("a.B_c-9"));
  EXPECT_FALSE(is_sane_id(""));
  EXPECT_FALSE(is_sane_id("a b"));
  EXPECT_FALSE(is_sane_id(std::string(65, 'a')));
}

}  // namespace
}  // namespace dossier::http
