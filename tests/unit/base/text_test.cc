#include "base/text.h"

#include <gtest/gtest.h>

namespace dossier::base {
namespace {

using namespace std::string_view_literals;

TEST(utf8, is_recognised) {
  for (const auto text : {""sv, "plain"sv, "Ångström"sv, "日本語"sv, "😀"sv, "a\0b"sv})
    EXPECT_TRUE(is_valid_utf8(text));
}

TEST(utf8, that_is_broken_is_recognised) {
  for (const auto text :
       {"\xff"sv, "\xc3"sv, "a\x80"sv, "\xc0\xaf"sv /* overlong */, "\xed\xa0\x80"sv /* surrogate */,
        "\xf4\x90\x80\x80"sv /* beyond U+10FFFF */, "\xe2\x82"sv}) {
    EXPECT_FALSE(is_valid_utf8(text)) << testing::PrintToString(std::string(text));
  }
}

TEST(control_characters, are_c0_del_and_c1) {
  for (const auto text : {"a\nb"sv, "\t"sv, "\0"sv, "\x7f"sv, "\xc2\x80"sv, "\xc2\x9f"sv, "\x1b[31m"sv}) {
    EXPECT_TRUE(has_control_characters(text));
  }
  for (const auto text : {"plain text"sv, "\xc2\xa0"sv /* no-break space */, "é"sv, ""sv}) {
    EXPECT_FALSE(has_control_characters(text));
  }
}

TEST(characters, are_code_points) {
  EXPECT_EQ(count_characters(""), 0u);
  EXPECT_EQ(count_characters("abc"), 3u);
  EXPECT_EQ(count_characters("日本語"), 3u);
  EXPECT_EQ(count_characters("😀"), 1u);
}

TEST(trim, takes_any_white_space_off_both_ends) {
  EXPECT_EQ(trim("  a b \t\r\n"), "a b");
  EXPECT_EQ(trim("\xc2\xa0\xe3\x80\x80x\xe2\x80\xa8"), "x");  // no-break, ideographic, line separator
  EXPECT_EQ(trim("   "), "");
  EXPECT_EQ(trim(""), "");
  EXPECT_EQ(trim("x"), "x");
}

TEST(trim, leaves_what_is_not_utf8_as_it_is) {
  EXPECT_EQ(trim(" \xff "), " \xff ");
}

}  // namespace
}  // namespace dossier::base
