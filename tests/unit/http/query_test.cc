#include "http/url.h"

#include <gtest/gtest.h>

namespace dossier::http {
namespace {

TEST(percent_decode, decodes_once) {
  EXPECT_EQ(percent_decode("a%20b%2Fc%e2%82%ac", false), "a b/c\xe2\x82\xac");
  EXPECT_EQ(percent_decode("%2541", false), "%41");
}

TEST(percent_decode, takes_plus_for_a_space_only_in_forms) {
  EXPECT_EQ(percent_decode("a+b", true), "a b");
  EXPECT_EQ(percent_decode("a+b", false), "a+b");
}

TEST(percent_decode, refuses_what_is_not_two_hexadecimal_digits) {
  for (auto text : {"%", "%4", "%g0", "%0g", "a%", "%%41"}) EXPECT_FALSE(percent_decode(text, false)) << text;
}

TEST(percent_encode, is_undone_by_decoding_for_every_byte) {
  std::string all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<char>(i));
  EXPECT_EQ(percent_decode(percent_encode(all), false), all);
  EXPECT_EQ(percent_encode("a b/~"), "a%20b%2F~");
}

TEST(parse_form, keeps_order_and_empty_values) {
  auto pairs = parse_form("q=a+b&empty=&flag&&q=%26");
  ASSERT_TRUE(pairs);
  ASSERT_EQ(pairs->size(), 4U);
  EXPECT_EQ((*pairs)[0].value, "a b");
  EXPECT_EQ((*pairs)[2].name, "flag");
  EXPECT_EQ((*pairs)[3].value, "&");
  EXPECT_EQ(find(*pairs, "q"), "a b");
  EXPECT_EQ(find(*pairs, "empty"), "");
  EXPECT_FALSE(find(*pairs, "absent"));
}

TEST(parse_form, keeps_equals_signs_in_values) {
  auto pairs = parse_form("a=b=c");
  ASSERT_TRUE(pairs);
  EXPECT_EQ(find(*pairs, "a"), "b=c");
}

TEST(parse_form, refuses_bad_escapes_and_too_many_pairs) {
  auto bad = parse_form("a=%zz");
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, base::error_code::malformed);
  EXPECT_TRUE(parse_form("a=1&b=2", 2));
  EXPECT_FALSE(parse_form("a=1&b=2&c=3", 2));
}

}  // namespace
}  // namespace dossier::http
