// What holds for any bytes: the policy is tested with every character there is, with noise, and with texts
// that were made to cost much.
#include <algorithm>
#include <ctime>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/folded_characters.h"
#include "base/text.h"
#include "base/text_policy.h"

namespace dossier::base {
namespace {

std::string utf8(char32_t code) {
  std::string text;
  append_utf8(text, code);
  return text;
}

void expect_sound(std::string_view text) {
  const auto once = fold(text);
  ASSERT_TRUE(is_valid_utf8(once));
  ASSERT_EQ(fold(once), once) << testing::PrintToString(std::string(text));
  for (const auto& word : index_words({&text, 1})) {
    ASSERT_FALSE(word.empty());
    ASSERT_LE(count_characters(word), longest_word);
  }
  const auto asked = query_words(text);
  ASSERT_LE(asked.size(), most_query_words + 1);
  std::size_t end = 0;
  for (const auto& mark : word_marker(asked).find(text)) {
    ASSERT_LE(end, mark.begin);
    ASSERT_LT(mark.begin, mark.end);
    end = mark.end;
  }
  ASSERT_LE(end, text.size());
}

TEST(text_policy, folding_twice_is_folding_once_for_every_character) {
  const auto stands_alone_and_after = [](char32_t code) {
    const auto one = utf8(code);
    std::string text = one;
    for (const auto* letter : {"a", "и", "\xe1\x84\x80"}) text += letter + one;
    const auto once = fold(text);
    ASSERT_EQ(fold(once), once) << std::hex << static_cast<unsigned>(code);
  };
  for (char32_t code = 1; code < 0x20000; ++code) {
    // Rows of thousands of characters that are all alike: only some of each.
    const bool alike = (code > 0x3500 && code < 0x4d00) || (code > 0x4f00 && code < 0x9f00) ||
                       (code > 0xae00 && code < 0xd700) || (code > 0xe100 && code < 0xf800) ||
                       (code > 0x17100 && code < 0x18600);
    if ((alike && code % 61 != 0) || (code >= 0xd800 && code < 0xe000)) continue;
    ASSERT_NO_FATAL_FAILURE(stands_alone_and_after(code));
  }
  for (char32_t code = 0x20000; code < 0x110000; code += code < 0xe0000 || code > 0xe0fff ? 251 : 1)
    ASSERT_NO_FATAL_FAILURE(stands_alone_and_after(code));
  for (char32_t code = 0x2f800; code < 0x2fa20; ++code) ASSERT_NO_FATAL_FAILURE(stands_alone_and_after(code));
}

TEST(text_policy, takes_any_bytes) {
  std::mt19937 random(7);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same noise each time
  for (int i = 0; i < 1000; ++i) {
    std::string noise(random() % 60, '\0');
    for (char& c : noise) c = static_cast<char>(random());
    ASSERT_NO_FATAL_FAILURE(expect_sound(noise));
  }
}

TEST(text_policy, takes_any_characters) {
  std::mt19937 random(8);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same noise each time
  constexpr char32_t blocks[] = {0x20,   0x80,   0x300,  0x370,  0x400,  0x590,  0x620,  0x640,
                                 0x900,  0xe00,  0x1100, 0x1160, 0x1e00, 0x2000, 0x2060, 0x3040,
                                 0x3090, 0x3130, 0xac00, 0xfb00, 0xfe00, 0xff00, 0x1f600};
  for (int i = 0; i < 1000; ++i) {
    std::string text;
    for (auto left = random() % 20; left > 0; --left)
      text += utf8(blocks[random() % std::size(blocks)] + static_cast<char32_t>(random() % 0x80));
    ASSERT_NO_FATAL_FAILURE(expect_sound(text));
  }
}

std::string repeated(std::string_view piece, std::size_t bytes) {
  std::string text;
  while (text.size() < bytes) text += piece;
  return text;
}

double seconds_for(std::string_view text) {
  const auto spent = [] {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
  };
  const auto start = spent();
  expect_sound(text);
  return spent() - start;
}

// Eight times the text takes eight times the time; a square would take 64 times. The time
// is this thread's own, and the best of some runs.
TEST(text_policy, costs_in_proportion_to_the_text) {
  for (const std::string_view piece :
       {"a", "ab ", "a-", "a\xcc\x81", "\xcc\x81\xcc\xa3", "龙", "c++", ".", " ", "#", "7.", "\xef\xb7\xba",
        "\xd8\xb9\xe2\x80\x8c", "\xe0\xb8\xb4\xe0\xb8\xb9", "\xe2\x80\x8b", "\xff", "♥"}) {
    const auto shorter = repeated(piece, 500);
    const auto longer = repeated(piece, 4'000);
    double least_short = 1e9;
    double least_long = 1e9;
    for (int run = 0; run < 2; ++run) {
      least_short = std::min(least_short, seconds_for(shorter));
      least_long = std::min(least_long, seconds_for(longer));
    }
    EXPECT_LT(least_long, 30 * least_short + 0.001) << testing::PrintToString(std::string(piece));
  }
}

// A page has twenty rows of three texts.
TEST(text_policy, marks_of_crafted_texts_cost_little) {
  std::string typed;
  for (int i = 0; i < 30; ++i) typed += "a" + std::string(static_cast<std::size_t>(i), 'a') + "b ";
  const word_marker marker(query_words(typed));
  std::size_t steps = 0;
  for (const std::string_view piece : {"a", "a-", "a ", "aab", "龙"})
    steps += marker.find(repeated(piece, 200)).size();
  EXPECT_LT(steps, 2'000u);
}

}  // namespace
}  // namespace dossier::base
