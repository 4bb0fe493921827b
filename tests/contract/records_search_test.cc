#include <algorithm>
#include <array>
#include <functional>
#include <iterator>
#include <map>
#include <random>

#include "base/text_policy.h"
#include "contract/records_contract.h"

namespace dossier::contract {
namespace {

using domain::people_query;
using domain::people_sort;
using domain::person;
using testing::ElementsAre;
using testing::IsEmpty;

class searching : public records_contract {
 protected:
  // Every second time: so that people are found in the index, and those who are not in it yet beside them.
  void tend_now_and_then() {
    if (++asked_ % 2 == 0) tend();
  }
  void tend() {
    while (must(store().tend_search(true))) {
    }
  }
  std::vector<std::string> names(people_query what) {
    tend_now_and_then();
    std::vector<std::string> found;
    for (const auto& one : must(store().list_people(std::move(what))).items)
      found.push_back(one.details.name);
    return found;
  }
  std::vector<std::int64_t> ids(const std::vector<person>& people) {
    std::vector<std::int64_t> found;
    for (const auto& one : people) found.push_back(one.id.value);
    return found;
  }
  static bool has_all_words(const person& who, const std::string& words) {
    const std::array<std::string_view, 3> texts{who.details.name, who.details.location,
                                                who.details.technology};
    const auto theirs = base::index_words(texts);
    return std::ranges::all_of(base::query_words(words), [&](const base::query_word& asked) {
      return std::ranges::any_of(theirs, [&](const std::string& one) {
        return std::ranges::any_of(asked.any_of,
                                   [&](const std::string& beginning) { return one.starts_with(beginning); });
      });
    });
  }
  static bool meets(const person& who, const people_query& what) {
    const auto technology = base::fold(who.details.technology);
    const auto location = base::fold(who.details.location);
    return has_all_words(who, what.words) && technology.starts_with(what.technology) &&
           location.starts_with(what.location) &&
           (what.location_exact.empty() || location == what.location_exact) &&
           who.details.age >= what.age_from.value_or(0) &&
           (!what.has_files || *what.has_files == !who.files.empty());
  }
  // Follows `next` to the end and then `previous` to the start; both ways show the same pages.
  std::vector<std::int64_t> walk(people_query what) {
    tend_now_and_then();
    std::vector<std::vector<std::int64_t>> pages;
    auto page = must(store().list_people(what));
    EXPECT_FALSE(page.previous);
    pages.push_back(ids(page.items));
    while (page.next) {
      what.cursor = page.next;
      page = must(store().list_people(what));
      EXPECT_FALSE(page.items.empty()) << "a next page that has nobody";
      EXPECT_TRUE(page.previous);
      pages.push_back(ids(page.items));
      if (pages.size() > 1000) throw std::runtime_error("the pages never end");
    }
    for (std::size_t i = pages.size() - 1; i-- > 0;) {
      if (!page.previous) throw std::runtime_error("no way back");
      what.cursor = page.previous;
      page = must(store().list_people(what));
      EXPECT_EQ(ids(page.items), pages[i]) << "page " << i << " on the way back";
      EXPECT_TRUE(page.next);
    }
    EXPECT_FALSE(page.previous);
    std::vector<std::int64_t> all;
    for (const auto& one : pages) all.insert(all.end(), one.begin(), one.end());
    return all;
  }

 private:
  int asked_ = 0;
};

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
  EXPECT_EQ(page.items[0].details.name, "C");
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

TEST_P(searching, sorts_by_folded_name_and_by_age_with_ties_by_id) {
  for (const auto* name : {"bob", "Émile", "Adam", "ÄDA", "Bob"})
    add(somebody(name, "X", name[0] == 'b' ? 9 : 5));
  EXPECT_THAT(names({.sort = people_sort::name}), ElementsAre("ÄDA", "Adam", "bob", "Bob", "Émile"));
  EXPECT_THAT(names({.sort = people_sort::age}), ElementsAre("Émile", "Adam", "ÄDA", "Bob", "bob"));
  EXPECT_THAT(names({.sort = people_sort::oldest}), ElementsAre("bob", "Émile", "Adam", "ÄDA", "Bob"));
}

TEST_P(searching, pages_show_everybody_once_in_order_both_ways) {
  // Many ties, so that page edges fall among them.
  for (int i = 0; i < 40; ++i) {
    add(somebody(i % 3 == 0 ? "Same Name" : "Name " + std::to_string(i % 7), i % 2 ? "Rom" : "Ulm",
                 20 + i % 4, i % 5 == 0 ? "Ada" : "C++"),
        i % 8 == 0 ? 1 : 0);
  }
  const auto everybody = must(store().list_people({.sort = people_sort::oldest, .limit = 100})).items;
  ASSERT_EQ(everybody.size(), 40u);

  const auto expected = [&](people_sort sort, const std::function<bool(const person&)>& keep) {
    std::vector<person> some;
    std::ranges::copy_if(everybody, std::back_inserter(some), keep);
    if (sort == people_sort::newest) std::ranges::reverse(some);
    // The people come oldest first, so that the id settles every tie.
    if (sort == people_sort::name) {
      std::ranges::sort(some, {},
                        [](const person& p) { return std::pair(base::sort_key(p.details.name), p.id); });
    }
    if (sort == people_sort::age) {
      std::ranges::sort(some, {}, [](const person& p) { return std::pair(p.details.age, p.id); });
    }
    return ids(some);
  };
  for (const auto sort : {people_sort::newest, people_sort::oldest, people_sort::name, people_sort::age}) {
    for (const int limit : {1, 3, 7, 40, 100}) {
      SCOPED_TRACE(testing::Message() << "sort " << static_cast<int>(sort) << ", limit " << limit);
      EXPECT_EQ(walk({.sort = sort, .limit = limit}), expected(sort, [](const person&) { return true; }));
      EXPECT_EQ(walk({.words = "same", .sort = sort, .limit = limit}),
                expected(sort, [](const person& p) { return p.details.name == "Same Name"; }));
      EXPECT_EQ(walk({.technology = "ada", .location = "ulm", .sort = sort, .limit = limit}),
                expected(sort, [](const person& p) {
                  return p.details.technology == "Ada" && p.details.location == "Ulm";
                }));
      EXPECT_EQ(walk({.age_from = 21, .age_to = 22, .has_files = false, .sort = sort, .limit = limit}),
                expected(sort, [](const person& p) {
                  return p.details.age >= 21 && p.details.age <= 22 && p.files.empty();
                }));
    }
  }
}

// Whatever is asked, the pages have whom one would find by looking at each person, in order; with people in
// the index, beside it, changed since, and gone.
TEST_P(searching, pages_have_whom_looking_at_everybody_finds) {
  std::mt19937 random(7);
  const auto any = [&](const std::vector<std::string>& of) {
    return of[random() % of.size()];
  };
  const std::vector<std::string> first = {"Anna", "Anne", "Annabel", "Zoë", "Åsa", "Al", "李"};
  const std::vector<std::string> last = {"Berg", "Bergström", "Berger", "B", "Zimmer", "Annaberg"};
  const std::vector<std::string> place = {"Ulm", "Ulan Bator", "Rom", "Roma", "Zürich"};
  const std::vector<std::string> skill = {"C", "C++", "COBOL", "Python", "Pytorch"};
  std::map<std::int64_t, domain::person_id> there;
  const auto details = [&] {
    auto name = any(first) + " " + any(last);
    if (random() % 5 == 0) name = "Annabel Bergström the " + std::to_string(random() % 3);
    return somebody(name, any(place), 20 + static_cast<int>(random() % 4), any(skill));
  };
  for (int i = 0; i < 60; ++i) {
    const auto id = add(details(), random() % 4 == 0 ? 1 : 0);
    there[id.value] = id;
  }
  tend();
  for (int i = 0; i < 12; ++i) {
    const auto one = std::next(there.begin(), static_cast<std::ptrdiff_t>(random() % there.size()));
    if (i % 3 == 0) {
      must(store().delete_person(one->second, {}));
      there.erase(one);
    } else if (i % 3 == 1) {
      must(store().update_person(one->second, details(), {}));
    } else {
      const auto id = add(details());
      there[id.value] = id;
    }
    if (i == 6) tend();
  }
  const std::vector<std::string> asked = {"",     "a", "an", "anna", "annabel", "b",
                                          "berg", "z", "ro", "the",  "c++",     "李"};
  for (int turn = 0; turn < 60; ++turn) {
    people_query what;
    what.words = asked[random() % asked.size()] + " " + asked[random() % asked.size()];
    if (random() % 3 == 0) what.technology = any({"c", "py", "pytho", "cobol"});
    if (random() % 3 == 0) what.location = any({"u", "ro", "roma", "z"});
    if (random() % 4 == 0) what.location_exact = any({"ulm", "rom"});
    if (random() % 3 == 0) what.age_from = 21;
    if (random() % 4 == 0) what.has_files = random() % 2 == 0;
    what.sort = static_cast<people_sort>(random() % 4);
    what.limit = 1 + static_cast<int>(random() % 5);
    std::vector<person> expected;
    for (const auto& [number, id] : there) {
      auto who = find(id);
      if (meets(who, what)) expected.push_back(std::move(who));
    }
    if (what.sort == people_sort::newest) std::ranges::reverse(expected);
    if (what.sort == people_sort::age)
      std::ranges::sort(expected, {}, [](const person& p) { return std::pair(p.details.age, p.id); });
    if (what.sort == people_sort::name) {
      std::ranges::sort(expected, {},
                        [](const person& p) { return std::pair(base::sort_key(p.details.name), p.id); });
    }
    SCOPED_TRACE(testing::Message() << "turn " << turn << ": " << what.words << ", sort "
                                    << static_cast<int>(what.sort));
    EXPECT_EQ(walk(what), ids(expected));
  }
}

TEST_P(searching, an_edit_and_a_deletion_count_at_once_whatever_the_index_has) {
  const auto edited = add(somebody("Anna Berg", "Berlin", 30, "C++"));
  const auto gone = add(somebody("Anna Tal", "Berlin", 31, "C++"), 1);
  tend();
  must(store().update_person(edited, somebody("Zita Berg", "Berlin", 29, "C++"), {}));
  must(store().delete_person(gone, {}));
  for (int turn = 0; turn < 2; ++turn) {
    for (const auto sort : {people_sort::newest, people_sort::oldest, people_sort::name, people_sort::age}) {
      EXPECT_TRUE(must(store().list_people({.words = "anna", .sort = sort})).items.empty());
      EXPECT_EQ(must(store().list_people({.words = "zita", .sort = sort})).items.size(), 1u);
    }
    tend();
  }
}

TEST_P(searching, pages_stay_right_while_people_come_and_go) {
  std::vector<domain::person_id> people;
  for (int i = 0; i < 10; ++i) people.push_back(add(somebody("P" + std::to_string(i))));
  people_query what{.limit = 4};
  auto page = must(store().list_people(what));  // P9 to P6
  add(somebody("New"));
  must(store().delete_person(people[6], {}));  // the edge itself
  what.cursor = page.next;
  page = must(store().list_people(what));
  EXPECT_EQ(page.items.at(0).details.name, "P5");
  EXPECT_EQ(page.items.at(3).details.name, "P2");
  what.cursor = page.previous;
  page = must(store().list_people(what));
  ASSERT_EQ(page.items.size(), 4u);
  EXPECT_EQ(page.items[3].details.name, "P7");
  EXPECT_EQ(page.items[0].details.name, "New");
  EXPECT_FALSE(page.previous);
}

TEST_P(searching, back_from_a_position_before_which_nobody_is_left_is_the_first_page) {
  const auto oldest = add(somebody("Old"));
  const auto newest = add(somebody("New"));
  people_query what{.limit = 1};
  what.cursor = must(store().list_people(what)).next;
  const auto second = must(store().list_people(what));
  must(store().delete_person(newest, {}));
  what.cursor = second.previous;
  const auto page = must(store().list_people(what));
  ASSERT_EQ(page.items.size(), 1u);
  EXPECT_EQ(page.items[0].id, oldest);
}

TEST_P(searching, refuses_a_position_in_another_order) {
  add(somebody());
  people_query what{.sort = people_sort::name};
  what.cursor = domain::people_cursor{.sort = people_sort::age, .backwards = false, .key = "30", .id = 1};
  EXPECT_EQ(code_of(store().list_people(what)), error_code::invalid);
}

TEST_P(searching, takes_any_position_that_somebody_made_up) {
  add(somebody());
  for (const auto sort : {people_sort::newest, people_sort::name, people_sort::age}) {
    for (const auto* key : {"", "' OR 1", "99999999999999999999999", "zz"}) {
      people_query what{.sort = sort};
      what.cursor = domain::people_cursor{.sort = sort, .backwards = false, .key = key, .id = -5};
      must(store().list_people(what));
      what.cursor->backwards = true;
      must(store().list_people(what));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(records, searching, testing::ValuesIn(search_backends()), name_of);

}  // namespace
}  // namespace dossier::contract
