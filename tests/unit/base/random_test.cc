#include "base/random.h"

#include <algorithm>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dossier::base {
namespace {

TEST(token, is_32_hexadecimal_digits_and_never_the_same) {
  system_random random;
  std::set<std::string> tokens;
  for (int i = 0; i < 1000; ++i) {
    const auto token = random.token();
    EXPECT_EQ(token.size(), 32u);
    EXPECT_TRUE(
        std::ranges::all_of(token, [](unsigned char c) { return std::isxdigit(c) && !std::isupper(c); }));
    EXPECT_TRUE(tokens.insert(token).second);
  }
}

TEST(token, is_made_of_what_the_source_gives) {
  class zeros final : public random_source {
   public:
    void fill(std::span<std::byte> bytes) override { std::ranges::fill(bytes, std::byte{0}); }
  } source;
  EXPECT_EQ(source.token(), std::string(32, '0'));
}

}  // namespace
}  // namespace dossier::base
