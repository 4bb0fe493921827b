#include "contract/records_search.h"
#include "fakes/details.h"

namespace dossier::contract {
namespace {

TEST_P(searching, lists_the_newest_first_whole_with_their_files) {
  add(somebody("A"), 0);
  add(somebody("B"), 2);
  add(somebody("C"), 1);
  const auto page = must(store().list_people({}));
  EXPECT_FALSE(page.next);
  EXPECT_FALSE(page.previous);
  ASSERT_EQ(page.items.size(), 3u);
  for (const auto& one : page.items) {
    const auto same = find(one.id);
    EXPECT_EQ(one.details, same.details);
    EXPECT_EQ(one.version, same.version);
    EXPECT_EQ(one.created_at, same.created_at);
    ASSERT_EQ(one.files.size(), same.files.size());
    for (std::size_t i = 0; i < one.files.size(); ++i) {
      EXPECT_EQ(one.files[i].key, same.files[i].key);
      EXPECT_EQ(one.files[i].name, same.files[i].name);
      EXPECT_EQ(one.files[i].digest, same.files[i].digest);
    }
  }
  EXPECT_EQ(page.items[0].details.name(), "C");
  EXPECT_EQ(page.items[1].files.size(), 2u);
}

TEST_P(searching, an_empty_store_has_an_empty_page) {
  for (const auto sort : {people_sort::newest, people_sort::oldest, people_sort::name, people_sort::age}) {
    const auto page = must(store().list_people({.sort = sort}));
    EXPECT_TRUE(page.items.empty());
    EXPECT_FALSE(page.next || page.previous);
  }
}

TEST_P(searching, does_not_show_files_that_are_uploading_or_deleting) {
  const auto who = find(add(somebody(), 2));
  begin_file(new_lease());
  must(store().delete_file(who.files[0].id));
  const auto page = must(store().list_people({}));
  ASSERT_EQ(page.items.size(), 1u);
  ASSERT_EQ(page.items[0].files.size(), 1u);
  EXPECT_EQ(page.items[0].files[0].id, who.files[1].id);
}

TEST_P(searching, finds_words_by_their_beginning_in_any_field) {
  add(somebody("Anna Berg", "Berlin", 30, "C++"));
  add(somebody("Bernd Alt", "Hamburg", 30, "Rust"));
  EXPECT_THAT(names({.words = "ber"}), ElementsAre("Bernd Alt", "Anna Berg"));
  EXPECT_THAT(names({.words = "berl"}), ElementsAre("Anna Berg"));
  EXPECT_THAT(names({.words = "c++"}), ElementsAre("Anna Berg"));
  EXPECT_THAT(names({.words = "c+"}), ElementsAre("Anna Berg"));
  EXPECT_THAT(names({.words = "erg"}), IsEmpty()) << "not the middle of a word";
}

TEST_P(searching, all_words_must_match_in_any_order) {
  add(somebody("Anna Berg", "Berlin", 30, "C++"));
  add(somebody("Anna Tal", "Bern", 30, "Rust"));
  EXPECT_THAT(names({.words = "anna ber"}), ElementsAre("Anna Tal", "Anna Berg"));
  EXPECT_THAT(names({.words = "rust anna"}), ElementsAre("Anna Tal"));
  EXPECT_THAT(names({.words = "anna cobol"}), IsEmpty());
  EXPECT_THAT(names({.words = "a an ann"}), ElementsAre("Anna Tal", "Anna Berg"));
  EXPECT_THAT(names({.words = "  "}), ElementsAre("Anna Tal", "Anna Berg")) << "nothing asked";
}

TEST_P(searching, finds_nobody_by_text_without_a_word) {
  add(somebody("Anna Berg", "Berlin", 30, "C++"));
  for (const auto* words : {" -- ", "*", "%", "\"\"", "👩"})
    EXPECT_THAT(names({.words = words}), IsEmpty()) << words;
}

TEST_P(searching, folds_case_accents_and_forms) {
  add(somebody("Jürgen ÅNGSTRÖM", "Straße", 30, "ﬁle"));
  for (const auto* words :
       {"jurgen", "JÜRGEN", "ju\u0308rgen", "angstrom", "STRASSE", "straße", "file", "Ａｎｇ"}) {
    EXPECT_THAT(names({.words = words}), ElementsAre("Jürgen ÅNGSTRÖM")) << words;
  }
}

TEST_P(searching, finds_names_as_people_type_them) {
  for (const auto* name : {"Łukasz", "O’Brien", "O Bryan", "Obrannan", "李小龙", "パリ", "पुणे", "Пётр"})
    add(somebody(name, "X"));
  const std::vector<std::pair<const char*, const char*>> found{
      {"lukasz", "Łukasz"},      {"obrien", "O’Brien"},     {"o brien", "O’Brien"}, {"obryan", "O Bryan"},
      {"o'brannan", "Obrannan"}, {"o brannan", "Obrannan"}, {"小龙", "李小龙"},     {"петр", "Пётр"}};
  for (const auto& [typed, name] : found) EXPECT_THAT(names({.words = typed}), ElementsAre(name)) << typed;
  for (const auto* typed : {"バリ", "पाणी", "李龙", "obrannan o’brien"})
    EXPECT_THAT(names({.words = typed}), IsEmpty()) << typed;
}

TEST_P(searching, signs_belong_to_words_and_part_them) {
  add(somebody("A", "X", 30, "HTML+CSS"));
  add(somebody("B", "X", 30, "C++"));
  add(somebody("D", "X", 30, "ASP.NET"));
  EXPECT_THAT(names({.words = "css"}), ElementsAre("A"));
  EXPECT_THAT(names({.words = "c++"}), ElementsAre("B"));
  EXPECT_THAT(names({.words = ".net"}), ElementsAre("D"));
  EXPECT_THAT(names({.words = "aspnet"}), ElementsAre("D"));
}

TEST_P(searching, order_puts_letters_beside_their_plain_ones) {
  for (const auto* name : {"Lundberg", "Łukasz", "Søren", "Soto", "Lucas", "Sommer"})
    add(somebody(name, "X"));
  EXPECT_THAT(names({.sort = people_sort::name}),
              ElementsAre("Lucas", "Łukasz", "Lundberg", "Sommer", "Søren", "Soto"));
}

TEST_P(searching, finds_words_longer_than_any_index_takes) {
  std::string longest;
  for (int i = 0; i < 200; ++i) longest += "㌖";  // one character that folds into six, 18 bytes
  add(somebody("Anna", longest, 30, longest + "a"));
  add(somebody("Bernd", "Ulm", 30, "C++"));
  EXPECT_THAT(names({.words = longest}), ElementsAre("Anna"));
  EXPECT_THAT(names({.words = "㌖"}), ElementsAre("Anna"));
  EXPECT_THAT(names({.words = longest + " anna"}), ElementsAre("Anna"));
  EXPECT_THAT(names({.location = longest}), ElementsAre("Anna"));
}

TEST_P(searching, takes_signs_of_patterns_as_what_they_are) {
  add(somebody("Anna", "Berlin", 30, "C++"));
  for (const auto* words : {"a%", "ann_", "'", "\"", "\\", "a*", "%"}) {
    const auto found = names({.words = words});
    const auto asked = base::query_words(words);
    EXPECT_TRUE(found.empty() || asked[0].any_of[0] == "a" || asked[0].any_of[0] == "ann") << words;
  }
  EXPECT_THAT(names({.words = "b%n"}), IsEmpty());
  EXPECT_THAT(names({.technology = "C%"}), IsEmpty());
  EXPECT_THAT(names({.technology = "' OR 1=1 --"}), IsEmpty());
}

TEST_P(searching, refuses_more_words_than_anyone_types) {
  std::string words;
  for (int i = 0; i < 60; ++i) words += "w" + std::to_string(100 + i) + " ";
  EXPECT_EQ(code_of(store().list_people({.words = words})), error_code::invalid);
}

TEST_P(searching, filters_take_a_beginning_after_folding) {
  add(somebody("A", "Köln", 30, "C++"));
  add(somebody("B", "KOLN", 30, "c++"));
  add(somebody("C", "Köln Süd", 30, "C"));
  add(somebody("D", "Kö", 30, "Python"));
  for (int turn = 0; turn < 2; ++turn) {
    EXPECT_THAT(names({.technology = "C++"}), ElementsAre("B", "A"));
    EXPECT_THAT(names({.technology = "c"}), ElementsAre("C", "B", "A"));
    EXPECT_THAT(names({.technology = "PYTH"}), ElementsAre("D"));
    EXPECT_THAT(names({.technology = "ython"}), IsEmpty()) << "not the middle of the text";
    EXPECT_THAT(names({.location = "köln"}), ElementsAre("C", "B", "A"));
    EXPECT_THAT(names({.location = "ko"}), ElementsAre("D", "C", "B", "A"));
    EXPECT_THAT(names({.technology = "c", .location = "koln sud"}), ElementsAre("C"));
    EXPECT_THAT(names({.technology = "c+", .location = "koln s"}), IsEmpty());
    EXPECT_THAT(names({.technology = "\u0301"}), IsEmpty()) << "folding leaves nothing of it";
  }
}

TEST_P(searching, exact_filters_take_the_whole_text) {
  add(somebody("A", "Köln", 30, "C++"));
  add(somebody("B", "Köln Süd", 30, "C"));
  add(somebody("C", "KOLN", 30, "Objective-C"));
  for (int turn = 0; turn < 2; ++turn) {
    EXPECT_THAT(names({.technology_exact = "c"}), ElementsAre("B"));
    EXPECT_THAT(names({.technology_exact = "C+"}), IsEmpty());
    EXPECT_THAT(names({.location_exact = "koln"}), ElementsAre("C", "A"));
    EXPECT_THAT(names({.technology = "obj", .location_exact = "koln"}), ElementsAre("C"));
    EXPECT_THAT(names({.location = "k", .technology_exact = "c"}), ElementsAre("B"));
  }
}

TEST_P(searching, finds_beginnings_of_every_length_in_every_script) {
  const std::string name = "Åbcdefghijklmnopqrstuvwxyzåbcdefghijklmnopq 李小龙是一个人";
  add(somebody(name, "Ulm", 30, "C++"));
  add(somebody("Abd Lī", "Ulm", 30, "C++"));
  tend();
  const std::string word = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopq";
  for (std::size_t length = 3; length <= word.size(); ++length)
    EXPECT_THAT(names({.words = word.substr(0, length)}), ElementsAre(name)) << length;
  EXPECT_THAT(names({.words = word + "r"}), IsEmpty());
  EXPECT_THAT(names({.words = "abcdefghijkm"}), IsEmpty());
  for (std::size_t length = 3; length <= 21; length += 3)
    EXPECT_THAT(names({.words = std::string("李小龙是一个人").substr(0, length)}), ElementsAre(name))
        << length;
  EXPECT_THAT(names({.words = "ab"}), ElementsAre("Abd Lī", name));
}

TEST_P(searching, filters_by_age_inclusively) {
  for (const int age : {0, 17, 18, 65, 150}) add(somebody("N" + std::to_string(age), "X", age));
  EXPECT_THAT(names({.age_from = 18}), ElementsAre("N150", "N65", "N18"));
  EXPECT_THAT(names({.age_to = 17}), ElementsAre("N17", "N0"));
  EXPECT_THAT(names({.age_from = 17, .age_to = 18, .sort = people_sort::age}), ElementsAre("N17", "N18"));
  EXPECT_THAT(names({.age_from = 40, .age_to = 30}), IsEmpty());
}

TEST_P(searching, filters_by_files_as_they_come_and_go) {
  const auto with = find(add(somebody("With"), 1));
  add(somebody("Without"));
  EXPECT_THAT(names({.has_files = true}), ElementsAre("With"));
  EXPECT_THAT(names({.has_files = false}), ElementsAre("Without"));
  must(store().delete_file(with.files[0].id));
  EXPECT_THAT(names({.has_files = true}), IsEmpty());
  EXPECT_THAT(names({.has_files = false}), ElementsAre("Without", "With"));
}

TEST_P(searching, an_edit_moves_a_person_in_every_index) {
  const auto id = add(somebody("Anna Berg", "Berlin", 30, "C++"));
  must(store().update_person(id, somebody("Zita Berg", "Bonn", 44, "Ada"), {}));
  EXPECT_THAT(names({.words = "anna"}), IsEmpty());
  EXPECT_THAT(names({.words = "zita berg"}), ElementsAre("Zita Berg"));
  EXPECT_THAT(names({.technology = "C++"}), IsEmpty());
  EXPECT_THAT(names({.technology = "ada", .location = "bonn", .age_from = 44, .age_to = 44}),
              ElementsAre("Zita Berg"));
}

INSTANTIATE_TEST_SUITE_P(records, searching, testing::ValuesIn(search_backends()), name_of);

}  // namespace
}  // namespace dossier::contract
