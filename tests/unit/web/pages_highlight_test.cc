#include "web/pages/words.h"

#include <gtest/gtest.h>

namespace dossier::web {
namespace {

// The text with its matches in brackets.
std::string marked(std::string_view text, std::string_view search) {
  std::string shown;
  for (const auto& piece : mark_matches(text, base::word_marker(base::query_words(search))))
    shown += piece.matched ? '[' + piece.text + ']' : piece.text;
  return shown;
}

TEST(highlight, marks_the_beginnings_of_words) {
  EXPECT_EQ(marked("Anna Berg", "ber"), "Anna [Ber]g");
  EXPECT_EQ(marked("Anna Berg", "erg"), "Anna Berg");
  EXPECT_EQ(marked("Berg Bergen", "berg"), "[Berg] [Berg]en");
}

TEST(highlight, ignores_case_and_accents_as_the_search_does) {
  EXPECT_EQ(marked("Ångström", "angst"), "[Ångst]röm");
  EXPECT_EQ(marked("José Núñez", "NUNE"), "José [Núñe]z");
}

TEST(highlight, marks_each_of_several_words) {
  EXPECT_EQ(marked("Anna Berg", "be an"), "[An]na [Be]rg");
  EXPECT_EQ(marked("Berger", "ber berge"), "[Berge]r");  // the longer one wins
}

TEST(highlight, without_words_marks_nothing_and_keeps_the_text) {
  EXPECT_EQ(marked("Anna <Berg>", ""), "Anna <Berg>");
  EXPECT_EQ(marked("", "x"), "");
  EXPECT_EQ(marked("--", "x"), "--");
}

TEST(highlight, marks_what_was_found_however_it_is_written) {
  EXPECT_EQ(marked("C++ and C", "c++"), "[C++] and C");
  EXPECT_EQ(marked("Łukasz Łuk", "lukasz"), "[Łukasz] Łuk");
  EXPECT_EQ(marked("Pat O’Brien", "obrien"), "Pat [O’Brien]");
  EXPECT_EQ(marked("Pat O Brien", "obrien"), "Pat [O] [Brien]");
  EXPECT_EQ(marked("Obrien", "o brien"), "[Obrien]");
  EXPECT_EQ(marked("HTML+CSS", "css"), "HTML+[CSS]");
  EXPECT_EQ(marked("李小龙", "小龙"), "李[小龙]");
  EXPECT_EQ(marked("Node.js", "nodej"), "[Node.j]s");
  EXPECT_EQ(marked("ASP.NET", ".net"), "ASP[.NET]");
}

}  // namespace
}  // namespace dossier::web
