// Which typed words find which stored texts: the policy as people who search see it.
#include "base/text_policy.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/text.h"

namespace dossier::base {
namespace {

using namespace std::string_view_literals;

struct search {
  std::string_view stored;
  std::string_view typed;
  bool found;
};

// As the stores decide it.
bool finds(std::string_view stored, std::string_view typed) {
  const auto words = index_words({&stored, 1});
  const auto asked = query_words(typed);
  const auto begins_one = [&](const std::string& beginning) {
    return std::ranges::any_of(words, [&](const std::string& word) { return word.starts_with(beginning); });
  };
  return !asked.empty() && std::ranges::all_of(asked, [&](const query_word& one) {
    return std::ranges::any_of(one.any_of, begins_one);
  });
}

constexpr search searches[] = {
    // Letters that are not a plain letter with a mark, typed and stored.
    {"Łukasz", "lukasz", true},
    {"Lukasz", "ŁUKASZ", true},
    {"Søren", "soren", true},
    {"Soren", "søren", true},
    {"Işık", "isik", true},
    {"Işık", "IŞIK", true},
    {"IŞIK", "ışık", true},
    {"İstanbul", "istanbul", true},
    {"Istanbul", "İSTANBUL", true},
    {"Đặng", "dang", true},
    {"Dang", "đặng", true},
    {"Guðrún Þórðardóttir", "gudrun thordardottir", true},
    {"Æsa", "aesa", true},
    {"Cœur", "COEUR", true},
    {"Straße", "strasse", true},
    {"STRASSE", "straße", true},
    {"Straẞe", "strasse", true},
    {"Ħamrun", "hamrun", true},
    {"Ŧáhčči", "tahcci", true},
    {"Ŋoŋo", "nongo", false},  // ŋ is n, as ICU has it
    {"Ŋoŋo", "nono", true},
    {"Ɓala Ƙasa", "bala kasa", true},
    {"Ĳsselmeer", "ijsselmeer", true},
    {"Zażółć gęślą jaźń", "zazolc gesla jazn", true},
    // Accents, however they are encoded.
    {"Ångström", "angstrom", true},
    {"A\u030angstro\u0308m", "ångström", true},
    {"Ångström", "a\u030angstro\u0308m", true},
    {"José", "JOSE\u0301", true},
    {"Nguyễn Văn Thiện", "nguyen van thien", true},
    {"Müller", "muller", true},
    {"Müller", "mueller", false},
    // Compatibility forms.
    {"ＡＢＣ", "abc", true},
    {"abc", "ＡＢ", true},
    {"ﬁnance", "fin", true},
    {"Ⅳ", "iv", true},
    {"７", "7", true},
    {"٧", "7", true},
    {"７", "٧", true},
    // Greek: the sigma at the end, accents, breathings.
    {"Σίσυφος", "σισυφοσ", true},
    {"ΣΙΣΥΦΟΣ", "σίσυφος", true},
    {"Ὀδυσσεύς", "οδυσσευς", true},
    {"τῷ", "τω", true},
    // Cyrillic: ё is written е, stress is no letter; й and ї are letters.
    {"Пётр", "петр", true},
    {"Петр", "ПЁТР", true},
    {"Влади\u0301мир", "владимир", true},
    {"Сергей", "сергеи", false},
    {"Сергеи\u0306", "сергей", true},
    {"Київ", "киів", false},
    {"Київ", "КИЇВ", true},
    // Hebrew points, Arabic vowels, and letters that keyboards have two codes for.
    {"שָׁלוֹם", "שלום", true},
    {"צה״ל", "צהל", true},
    {"צהל", "צה\"ל", true},
    {"مُحَمَّد", "محمد", true},
    {"محـــمد", "محمد", true},
    {"أحمد", "احمد", true},
    {"احمد", "أَحْمَد", true},
    {"علی", "علي", true},
    {"كريم", "کریم", true},
    {"فاطمة", "فاطمه", true},
    {"مؤمن", "مومن", false},
    {"علی\u200cرضا", "علیرضا", true},
    {"علی\u200cرضا", "رضا", true},
    {"علی رضا", "علی\u200cرضا", true},
    {"علیرضا", "علی رضا", true},
    // Marks that make another letter.
    {"パリ", "バリ", false},
    {"パリ", "パリ", true},
    {"ﾊﾟﾘ", "パリ", true},
    {"バリ", "ハ\u3099リ", true},
    {"バリ", "ハ", false},
    {"पुणे", "पाणी", false},
    {"पुणे", "पुणे", true},
    {"पुणे", "पण", false},
    {"ประเทศไทย", "ประเทศ", true},
    {"ไทย", "ไท่", false},
    {"தமிழ்", "தமழ", false},
    // Scripts without spaces: a search may begin at any of their letters.
    {"李小龙", "小龙", true},
    {"李小龙", "龙", true},
    {"李小龙", "李龙", false},
    {"李小龙", "龙小", false},
    {"李 小龙", "李小龙", true},
    {"李小龙", "李 小龙", true},
    {"김철수", "철수", true},
    {"\u1100\u1175\u11b7철수", "김철수", true},
    {"山田太郎", "太郎", true},
    {"マイケル・ジョーダン", "ジョーダン", true},
    {"マイケル・ジョーダン", "マイケルジョーダン", true},
    {"ประเทศไทย", "ไทย", true},
    {"東京Tower", "tower", true},
    {"Tokyo東京", "東京", true},
    {"𠮷野家", "野家", true},
    // Signs of languages.
    {"C++", "c++", true},
    {"C++17", "c++", true},
    {"C++17", "c++17", true},
    {"C++ 17", "c++17", true},
    {"C", "c++", false},
    {"C#", "c++", false},
    {"C++", "c", true},
    {"HTML+CSS", "css", true},
    {"HTML+CSS", "html+css", true},
    {"HTML/CSS", "html+css", true},
    {"HTML CSS", "html+css", true},
    {"C/C++", "c++", true},
    {"Ｃ＋＋", "c++", true},
    {"C#/F#", "f#", true},
    {"C#", "C", true},
    {"Apt #5", "#5", true},
    {"Apt #5", "5", true},
    {".NET", ".net", true},
    {"ASP.NET", ".net", true},
    {"ASP.NET", "net", true},
    {"Network", ".net", false},
    {"Node.js", "js", true},
    {"Node.js", "node.js", true},
    {"Node.js", "nodejs", true},
    {"NodeJS", "node.js", true},
    {"Node JS", "node.js", true},
    {"AT&T", "att", true},
    {"AT&T", "at&t", true},
    {"R&D", "r&d", true},
    {"CI/CD", "cicd", true},
    {"Python 3.11", "python 3.1", true},
    {"Python 3.11", "3.11", true},
    {"Objective-C", "objectivec", true},
    {"♥ Rust", "♥", true},
    // Names written apart, with a sign, or as one: each finds each.
    {"O’Brien", "obrien", true},
    {"O’Brien", "o'brien", true},
    {"O’Brien", "o brien", true},
    {"O'Brien", "O’BRIEN", true},
    {"O´Brien", "o`brien", true},
    {"OBrien", "o'brien", true},
    {"OBrien", "o brien", true},
    {"O Brien", "obrien", true},
    {"O Brien", "o’brien", true},
    {"O＇Brien", "oʼbrien", true},
    {"Olga Brien", "o’brien", false},
    {"D'Angelo", "dangelo", true},
    {"Jean-Luc", "jeanluc", true},
    {"Jean-Luc", "jean luc", true},
    {"Jean-Luc", "luc", true},
    {"Jean‑Luc", "jean–luc", true},
    {"Jeanluc", "jean-luc", true},
    {"Jeanluc", "jean luc", true},
    {"Jean Luc", "jeanluc", true},
    {"Luc, Jean", "jeanluc", false},
    {"van der Berg", "vanderberg", true},
    {"Vanderberg", "van der berg", true},
    {"J.R.R. Tolkien", "jrr tolkien", true},
    {"J. R. R. Tolkien", "j.r.r. tolkien", true},
    {"Kaʻanapali", "ka'anapali", true},
    {"Kaʻanapali", "kaanapali", true},
    {"Paral·lel", "parallel", true},
    // Spaces, and what is never seen.
    {"Anna\u00a0Berg", "anna berg", true},
    {"Anna   Berg", "anna\u3000berg", true},
    {"An\u200bna", "anna", true},
    {"Anna", "\ufeffan\u00adna", true},
    {"Anna\ufe0f", "anna", true},
    // What is typed are beginnings of words, in any order.
    {"Anna Berg", "ber an", true},
    {"Anna Berg", "erg", false},
    {"Anna Berg", "anna karl", false},
    {"Anna Berg", "", false},
    {"Anna Berg", "  ,;", false},
    {"Anna Berg", "\u2800", false},
    {"Anna Berg", "++", false},
};

TEST(search_table, has_each_pair_as_it_says) {
  for (const auto& [stored, typed, found] : searches) {
    EXPECT_EQ(finds(stored, typed), found) << stored << " by " << typed;
  }
}

TEST(search_table, what_is_found_is_marked_in_whole_characters) {
  for (const auto& [stored, typed, found] : searches) {
    const auto marks = word_marker(query_words(typed)).find(stored);
    if (found) EXPECT_FALSE(marks.empty()) << stored << " by " << typed;
    for (const auto& mark : marks) {
      ASSERT_LT(mark.begin, mark.end) << stored << " by " << typed;
      ASSERT_LE(mark.end, stored.size());
      EXPECT_NE(static_cast<unsigned char>(stored[mark.begin]) & 0xc0, 0x80) << stored << " by " << typed;
    }
  }
}

// The whole text, not its words.
TEST(search_table, equal_texts_fold_alike) {
  constexpr std::pair<std::string_view, std::string_view> equal[] = {
      {"O’Brien", "O'BRIEN"},
      {"Anna  Berg", " anna\u00a0berg "},
      {"Jean‐Luc", "jean-luc"},
      {"Łódź", "lodz"},
      {"Ångström", "A\u030angstro\u0308m"},
      {"“Q”", "\"q\""},
      {"An\u200bna", "Anna"},
      {"ｶﾞ", "ガ"},
      {"№ 7", "No 7"},
      {"Σίσυφος", "ΣΊΣΥΦΟΣ"},
      {"C＋＋", "c++"},
      {"1⁄2", "1/2"},
  };
  for (const auto& [one, other] : equal) EXPECT_EQ(fold(one), fold(other)) << one;
  constexpr std::pair<std::string_view, std::string_view> different[] = {
      {"OBrien", "O'Brien"},    {"C", "C++"}, {"パリ", "バリ"},
      {"Jean Luc", "Jean-Luc"}, {"й", "и"},   {"a b", "ab"},
  };
  for (const auto& [one, other] : different) EXPECT_NE(fold(one), fold(other)) << one;
}

TEST(search_table, the_beginning_of_a_text_folds_to_a_beginning) {
  for (const std::string_view text :
       {"Łukasz O’Brien"sv, "Straße"sv, "ﬁnance"sv, "李小龙"sv, "Київ"sv, "Σίσυφος"sv}) {
    for (std::size_t most = 1; most <= 6; ++most)
      EXPECT_TRUE(fold(text).starts_with(fold(first_characters(text, most)))) << text << " " << most;
  }
}

TEST(order, puts_letters_beside_their_plain_ones) {
  const std::vector<std::string> sorted{"Lucas", "Łukasz", "Lundberg", "Sommer", "Søren", "Soto"};
  EXPECT_TRUE(std::ranges::is_sorted(sorted, {}, [](const std::string& name) { return sort_key(name); }));
}

}  // namespace
}  // namespace dossier::base
