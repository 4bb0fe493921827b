#include "app/setting_kinds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dossier::app {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(sizes, are_read_in_binary_and_decimal_units) {
  EXPECT_EQ(parse_size("65536"), 65536u);
  EXPECT_EQ(parse_size("64KiB"), 65536u);
  EXPECT_EQ(parse_size("5GiB"), 5ULL << 30);
  EXPECT_EQ(parse_size(" 5 gib "), 5ULL << 30);
  EXPECT_EQ(parse_size("5GB"), 5'000'000'000u);
  EXPECT_EQ(parse_size("1TiB"), 1ULL << 40);
  EXPECT_EQ(parse_size("0"), 0u);
}

TEST(sizes, that_are_none_are_refused) {
  for (const char* text : {"", " ", "KiB", "5 apples", "-1", "1.5GiB", "5GiB5", "5G", "0x10",
                           "9999999999999GiB", "18446744073709551616"}) {
    EXPECT_FALSE(parse_size(text)) << text;
  }
}

TEST(sizes, are_shown_in_the_largest_unit_that_fits_exactly) {
  EXPECT_EQ(show_size(5ULL << 30), "5GiB");
  EXPECT_EQ(show_size(1536), "1536B");
  EXPECT_EQ(show_size(65536), "64KiB");
  EXPECT_EQ(show_size(0), "0B");
}

TEST(sizes, that_are_shown_are_read_back) {
  for (const std::uint64_t bytes : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1023},
                                    std::uint64_t{1} << 20, (std::uint64_t{7} << 40) + 1}) {
    EXPECT_EQ(parse_size(show_size(bytes)), bytes);
  }
}

TEST(durations, are_read_in_all_units_and_sums_of_them) {
  EXPECT_EQ(parse_duration("500ms"), 500ms);
  EXPECT_EQ(parse_duration("15s"), 15s);
  EXPECT_EQ(parse_duration("2m"), 2min);
  EXPECT_EQ(parse_duration("1h"), 1h);
  EXPECT_EQ(parse_duration("7d"), 168h);
  EXPECT_EQ(parse_duration("1m30s"), 90s);
  EXPECT_EQ(parse_duration("0"), 0ms);
}

TEST(durations, without_a_unit_or_with_an_unknown_one_are_refused) {
  for (const char* text : {"", "15", "s", "15 parsecs", "-1s", "1.5s", "99999999999999999d", "1m30"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(durations, are_shown_as_people_write_them) {
  EXPECT_EQ(show_duration(15s), "15s");
  EXPECT_EQ(show_duration(75s), "75s");
  EXPECT_EQ(show_duration(5min), "5m");
  EXPECT_EQ(show_duration(24h), "24h");
  EXPECT_EQ(show_duration(1500ms), "1500ms");
  EXPECT_EQ(show_duration(0ms), "0s");
  for (const auto time : {1ms, 999ms, 1000ms, 60'000ms, 90'000ms, 3'600'000ms}) {
    EXPECT_EQ(parse_duration(show_duration(time)), time);
  }
}

TEST(yes_no, knows_the_usual_words_in_any_case) {
  for (const char* text : {"true", "YES", "on", "1"}) EXPECT_EQ(parse_yes_no(text), true) << text;
  for (const char* text : {"false", "No", "off", "0"}) EXPECT_EQ(parse_yes_no(text), false) << text;
  for (const char* text : {"", "2", "maybe", "truee"}) EXPECT_FALSE(parse_yes_no(text)) << text;
}

TEST(counts, are_digits_and_nothing_else) {
  EXPECT_EQ(parse_count("42"), 42u);
  for (const char* text : {"", "4 2", "+4", "-4", "4a", "18446744073709551616"}) {
    EXPECT_FALSE(parse_count(text)) << text;
  }
}

TEST(lists, drop_spaces_and_empty_entries) {
  EXPECT_THAT(parse_list("a, b ,,c,"), ElementsAre("a", "b", "c"));
  EXPECT_THAT(parse_list(" , "), IsEmpty());
  EXPECT_EQ(show_list({"a", "b"}), "a, b");
}

}  // namespace
}  // namespace dossier::app
