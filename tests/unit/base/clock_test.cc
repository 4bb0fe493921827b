#include "base/clock.h"

#include <gtest/gtest.h>

namespace dossier::base {
namespace {

using namespace std::chrono_literals;

time_point at(std::chrono::milliseconds since_1970) {
  return time_point{since_1970};
}

TEST(rfc3339, has_milliseconds_and_is_in_utc) {
  EXPECT_EQ(to_rfc3339(at(0ms)), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(to_rfc3339(at(784111777123ms)), "1994-11-06T08:49:37.123Z");
  EXPECT_EQ(to_rfc3339(at(951782400000ms)), "2000-02-29T00:00:00.000Z");
}

TEST(rfc3339, is_right_before_1970_too) {
  EXPECT_EQ(to_rfc3339(at(-1ms)), "1969-12-31T23:59:59.999Z");
}

// The example of RFC 9110, section 5.6.7.
TEST(http_date, is_an_imf_fixdate) {
  EXPECT_EQ(to_http_date(at(784111777000ms)), "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST(http_date, cuts_milliseconds_off) {
  EXPECT_EQ(to_http_date(at(784111777999ms)), "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST(http_date, names_every_day_of_a_week) {
  const char* days[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
  for (int i = 0; i < 7; ++i) EXPECT_EQ(to_http_date(at(24h * i)).substr(0, 3), days[i]);
}

TEST(system_clock, tells_the_time_of_this_machine) {
  const auto before = std::chrono::system_clock::now();
  const auto now = system_clock().now();
  EXPECT_GE(now, std::chrono::floor<std::chrono::milliseconds>(before));
  EXPECT_LE(now, std::chrono::system_clock::now());
}

}  // namespace
}  // namespace dossier::base
