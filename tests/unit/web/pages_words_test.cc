#include "web/pages/words.h"

#include <gtest/gtest.h>

#include <set>

namespace dossier::web {
namespace {

using namespace std::chrono_literals;

const base::time_point now = std::chrono::sys_days{std::chrono::year{2026} / 3 / 9} + 14h + 5min;

TEST(words, say_sizes_as_people_do) {
  EXPECT_EQ(human_size(0), "0 bytes");
  EXPECT_EQ(human_size(1), "1 byte");
  EXPECT_EQ(human_size(999), "999 bytes");
  EXPECT_EQ(human_size(1000), "1.0 KB");
  EXPECT_EQ(human_size(9'949), "9.9 KB");
  EXPECT_EQ(human_size(9'950), "10 KB");
  EXPECT_EQ(human_size(999'499), "999 KB");
  EXPECT_EQ(human_size(999'500), "1.0 MB");
  EXPECT_EQ(human_size(12'345'678), "12 MB");
  EXPECT_EQ(human_size(5ULL << 30), "5.4 GB");
  EXPECT_EQ(human_size(~0ULL), "18 EB");
}

TEST(words, say_a_limit_in_its_own_unit_and_never_too_much) {
  EXPECT_EQ(size_limit(5ULL << 30), "5 GiB");
  EXPECT_EQ(size_limit(1536 * 1024), "1536 KiB");
  EXPECT_EQ(size_limit(1 << 20), "1 MiB");
  EXPECT_EQ(size_limit(5'000'000'000), "5 GB");
  EXPECT_EQ(size_limit(1'000'000'000'000), "1 TB");
  EXPECT_EQ(size_limit(1'999'999), "1999 KB");
  EXPECT_EQ(size_limit(123'456'789), "123 MB");
  EXPECT_EQ(size_limit((100ULL << 30) + (1 << 20) + (64 << 10)), "100 GiB");
  EXPECT_EQ(size_limit(1000), "1 KB");
  EXPECT_EQ(size_limit(~0ULL), "18 EB");
  EXPECT_EQ(size_limit(500), "500 bytes");
}

TEST(words, tell_times_in_utc) {
  EXPECT_EQ(readable_time(now), "9 Mar 2026, 14:05 UTC");
  EXPECT_EQ(readable_time(base::time_point{}), "1 Jan 1970, 00:00 UTC");
}

TEST(words, tell_how_long_ago) {
  EXPECT_EQ(time_ago(now + 5s, now), "just now");  // clocks differ
  EXPECT_EQ(time_ago(now - 59s, now), "just now");
  EXPECT_EQ(time_ago(now - 60s, now), "1 minute ago");
  EXPECT_EQ(time_ago(now - 59min, now), "59 minutes ago");
  EXPECT_EQ(time_ago(now - 25h, now), "yesterday");
  EXPECT_EQ(time_ago(now - 72h, now), "3 days ago");
  EXPECT_EQ(time_ago(now - 30 * 24h, now), "7 Feb 2026");
}

TEST(words, make_initials_of_whole_characters) {
  EXPECT_EQ(initials("Anna Berg"), "AB");
  EXPECT_EQ(initials("Anna Maria van Berg"), "AB");
  EXPECT_EQ(initials("plato"), "P");
  EXPECT_EQ(initials("Åse Ødegård"), "ÅØ");
  EXPECT_EQ(initials("山田"), "山");
  EXPECT_EQ(initials(" "), "?");
  EXPECT_EQ(initials("\u202eAnna\u00a0\u200bBerg"), "AB");  // only characters that can be seen
  EXPECT_EQ(initials("\u200b"), "?");
}

TEST(words, give_a_name_the_same_colour_always_and_use_all_colours) {
  EXPECT_EQ(tone_of("Anna Berg"), tone_of("Anna Berg"));
  std::set<std::string> tones;
  for (int i = 0; i < 200; ++i) tones.insert(tone_of("Person " + std::to_string(i)));
  EXPECT_EQ(tones.size(), 8U);
  EXPECT_TRUE(tones.contains("tone-0"));
  EXPECT_TRUE(tones.contains("tone-7"));
}

TEST(words, mark_types_by_short_plain_endings_only) {
  EXPECT_EQ(type_mark("cv.pdf"), "PDF");
  EXPECT_EQ(type_mark("a.tar.gz"), "GZ");
  EXPECT_EQ(type_mark("README"), "FILE");
  EXPECT_EQ(type_mark(".profile"), "FILE");
  EXPECT_EQ(type_mark("x.<b>"), "FILE");
  EXPECT_EQ(type_mark("x.markdown"), "FILE");
  EXPECT_EQ(type_mark("x."), "FILE");
}

}  // namespace
}  // namespace dossier::web
