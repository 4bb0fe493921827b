#include "base/text_policy.h"

#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dossier::base {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using words = std::vector<std::string>;

words index_of(std::string_view text) {
  return index_words({&text, 1});
}

TEST(fold, makes_case_accents_and_compatibility_forms_one) {
  EXPECT_EQ(fold("Ångström"), fold("angstrom"));
  EXPECT_EQ(fold("A\xcc\x8angstro\xcc\x88m"), fold("angstrom"));  // combining marks
  EXPECT_EQ(fold("STRASSE"), fold("straße"));
  EXPECT_EQ(fold("ﬁn"), fold("fin"));
  EXPECT_EQ(fold("ＡＢＣ"), fold("abc"));
  EXPECT_EQ(fold("ΣΊΣΥΦΟΣ"), fold("σίσυφος"));
}

TEST(fold, keeps_what_differs_apart) {
  EXPECT_NE(fold("anna"), fold("hanna"));
  EXPECT_NE(fold("日本"), fold("日木"));
}

TEST(fold, done_twice_is_done_once) {
  for (const char* text : {"Ångström", "straße", "İstanbul", "ﬁn", "日本語", "x\xcc\x81y"}) {
    EXPECT_EQ(fold(fold(text)), fold(text)) << text;
  }
}

TEST(query_words, are_folded_and_each_once_in_their_order) {
  std::vector<std::string> first;
  for (const auto& word : query_words("Zoë and zoe, AND Marie")) first.push_back(word.any_of.front());
  EXPECT_THAT(first, ElementsAre("zoe", "and", "marie"));
}

TEST(query_words, are_none_in_punctuation) {
  for (const char* text : {"", " ,.;!  — ", "++", "#", "\xe2\xa0\x80"})
    EXPECT_THAT(query_words(text), IsEmpty()) << text;
}

TEST(query_words, may_be_written_with_the_word_before) {
  EXPECT_THAT(query_words("van der Berg"), ElementsAre(query_word{{"van"}}, query_word{{"der", "vander"}},
                                                       query_word{{"berg", "derberg", "vanderberg"}}));
  EXPECT_THAT(query_words("O’Brien"), ElementsAre(query_word{{"obrien"}}));
}

TEST(query_words, stop_after_one_too_many) {
  std::string typed;
  for (int i = 0; i < 5000; ++i) typed += "w" + std::to_string(i) + " ";
  EXPECT_THAT(query_words(typed), SizeIs(most_query_words + 1));
}

TEST(index_words, of_languages_keep_their_signs) {
  EXPECT_THAT(index_of("C++, C#, F#"), ElementsAre("c++", "c#", "f#"));
  EXPECT_THAT(index_of("HTML+CSS"), ElementsAre("html", "css", "htmlcss"));
}

TEST(index_words, are_bounded_whatever_is_typed) {
  for (const std::string_view one : {"龙", "a ", "ab-", "c++ ", "㌖", "ﷺ", ".x"}) {
    std::string text;
    for (int i = 0; i < 200; ++i) text += std::string(one) + (i % 7 == 0 ? std::to_string(i) : "");
    const std::vector<std::string_view> texts{text, text, text};
    const auto all = index_words(texts);
    EXPECT_LE(all.size(), most_index_words);
    for (const auto& word : all) EXPECT_LE(word.size(), 4 * longest_word);
  }
}

}  // namespace
}  // namespace dossier::base
