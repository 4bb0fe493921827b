#include "base/one_time_code.h"

#include <chrono>

#include <gtest/gtest.h>

#include "base/qr_code.h"

namespace dossier::base {
namespace {

constexpr std::string_view secret = "12345678901234567890";  // of RFC 6238, appendix B

time_point at(std::int64_t seconds) {
  return time_point(std::chrono::seconds(seconds));
}

TEST(one_time_code, is_that_of_the_standard) {
  for (const auto& [seconds, code] : {std::pair{59LL, "287082"},
                                      {1111111109LL, "081804"},
                                      {1111111111LL, "050471"},
                                      {1234567890LL, "005924"},
                                      {2000000000LL, "279037"},
                                      {20000000000LL, "353130"}}) {
    EXPECT_EQ(one_time_code(secret, one_time_step(at(seconds))), code);
    EXPECT_EQ(find_one_time_step(secret, code, at(seconds)), seconds / 30);
  }
}

TEST(one_time_code, may_come_a_step_early_or_late) {
  const auto now = at(1111111109);
  const auto step = one_time_step(now);
  EXPECT_EQ(find_one_time_step(secret, one_time_code(secret, step - 1), now), step - 1);
  EXPECT_EQ(find_one_time_step(secret, one_time_code(secret, step + 1), now), step + 1);
  EXPECT_FALSE(find_one_time_step(secret, one_time_code(secret, step - 2), now));
  EXPECT_FALSE(find_one_time_step(secret, one_time_code(secret, step + 2), now));
  EXPECT_TRUE(find_one_time_step(secret, one_time_code(secret, 0), at(0)));
}

TEST(one_time_code, may_be_typed_in_groups) {
  EXPECT_TRUE(find_one_time_step(secret, "081 804", at(1111111109)));
  EXPECT_TRUE(find_one_time_step(secret, " 081-804 ", at(1111111109)));
}

TEST(one_time_code, is_refused_when_it_is_none) {
  for (const std::string_view odd : {"", "0", "81804", "0818044", "08180x", "xxxxxx", "081804\n", "٠٨١٨٠٤"})
    EXPECT_FALSE(find_one_time_step(secret, odd, at(1111111109))) << odd;
  EXPECT_FALSE(find_one_time_step(secret, std::string(100'000, '0'), at(1111111109)));
}

TEST(one_time_secret, is_shown_in_groups_and_as_an_address) {
  EXPECT_EQ(one_time_secret_text(secret), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
  EXPECT_EQ(
      one_time_secret_address(secret, "Dossier", "Ånna & Bo"),
      "otpauth://totp/Dossier:%C3%85nna%20%26%20Bo?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Dossier");
}

TEST(qr_code, is_a_square_with_its_three_corners) {
  const auto code = make_qr_code("otpauth://totp/Dossier:anna?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
  EXPECT_GT(code.size, 21 + 8);
  EXPECT_TRUE(code.path.starts_with("M4 4h7v1h-7z"));  // the upper edge of the first corner
  EXPECT_EQ(code.path.find_first_not_of("Mhvz -0123456789"), std::string::npos);
  EXPECT_GT(make_qr_code(std::string(1'000, 'x')).size, code.size);
}

}  // namespace
}  // namespace dossier::base
