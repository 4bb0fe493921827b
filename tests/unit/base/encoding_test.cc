#include "base/encoding.h"

#include <array>

#include <gtest/gtest.h>

namespace dossier::base {
namespace {

TEST(hex, is_two_lower_case_digits_a_byte) {
  const std::array bytes = {std::byte{0x00}, std::byte{0x0f}, std::byte{0xa5}, std::byte{0xff}};
  EXPECT_EQ(hex_encode(bytes), "000fa5ff");
  EXPECT_EQ(hex_encode({}), "");
}

TEST(hex, is_read_in_either_case) {
  std::array<std::byte, 2> bytes{};
  ASSERT_TRUE(hex_decode("aBfF", bytes));
  EXPECT_EQ(bytes, (std::array{std::byte{0xab}, std::byte{0xff}}));
}

TEST(hex, of_another_length_or_with_other_characters_is_refused) {
  std::array<std::byte, 2> bytes{};
  for (const char* text : {"", "abc", "abcde", "abcdef", "abcg", "ab d", "0x12", "ab\xc3\xa9"}) {
    EXPECT_FALSE(hex_decode(text, bytes)) << text;
  }
}

// RFC 4648, section 10, in the alphabet of section 5 and without padding.
TEST(base64url, follows_the_test_vectors) {
  const std::pair<const char*, const char*> vectors[] = {
      {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},         {"foo", "Zm9v"},
      {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, encoded] : vectors) {
    EXPECT_EQ(base64url_encode(plain), encoded);
    EXPECT_EQ(base64url_decode(encoded), plain);
  }
}

TEST(base64url, uses_the_alphabet_that_needs_no_escape_in_addresses) {
  EXPECT_EQ(base64url_encode("\xfb\xff\xbf"), "-_-_");
  EXPECT_EQ(base64url_decode("-_-_"), "\xfb\xff\xbf");
}

TEST(base64url, keeps_every_byte) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  EXPECT_EQ(base64url_decode(base64url_encode(bytes)), bytes);
}

TEST(base64url, refuses_what_is_none) {
  for (const char* text : {"Zg==", "Zm9v+", "Zm9v/", "Z", "Zm 9v", "Zm9v\n", "Zh"}) {
    EXPECT_FALSE(base64url_decode(text)) << text;
  }
}

}  // namespace
}  // namespace dossier::base
