// The order of the people found, and their pages.
#include "contract/records_search.h"
#include "fakes/details.h"

namespace dossier::contract {
namespace {

class search_pages : public searching {};

TEST_P(search_pages, sorts_by_folded_name_and_by_age_with_ties_by_id) {
  for (const auto* name : {"bob", "Émile", "Adam", "ÄDA", "Bob"})
    add(somebody(name, "X", name[0] == 'b' ? 9 : 5));
  EXPECT_THAT(names({.sort = people_sort::name}), ElementsAre("ÄDA", "Adam", "bob", "Bob", "Émile"));
  EXPECT_THAT(names({.sort = people_sort::age}), ElementsAre("Émile", "Adam", "ÄDA", "Bob", "bob"));
  EXPECT_THAT(names({.sort = people_sort::oldest}), ElementsAre("bob", "Émile", "Adam", "ÄDA", "Bob"));
}

TEST_P(search_pages, pages_show_everybody_once_in_order_both_ways) {
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
                        [](const person& p) { return std::pair(base::sort_key(p.details.name()), p.id); });
    }
    if (sort == people_sort::age) {
      std::ranges::sort(some, {},
                        [](const person& p) { return std::pair(p.details.number(fakes::age_at), p.id); });
    }
    return ids(some);
  };
  for (const auto sort : {people_sort::newest, people_sort::oldest, people_sort::name, people_sort::age}) {
    for (const int limit : {1, 3, 7, 40, 100}) {
      SCOPED_TRACE(testing::Message() << "sort " << static_cast<int>(sort) << ", limit " << limit);
      EXPECT_EQ(walk({.sort = sort, .limit = limit}), expected(sort, [](const person&) { return true; }));
      EXPECT_EQ(walk({.words = "same", .sort = sort, .limit = limit}),
                expected(sort, [](const person& p) { return p.details.name() == "Same Name"; }));
      EXPECT_EQ(walk({.technology = "ada", .location = "ulm", .sort = sort, .limit = limit}),
                expected(sort, [](const person& p) {
                  return p.details[fakes::technology_at] == "Ada" && p.details[fakes::location_at] == "Ulm";
                }));
      EXPECT_EQ(walk({.age_from = 21, .age_to = 22, .has_files = false, .sort = sort, .limit = limit}),
                expected(sort, [](const person& p) {
                  return p.details.number(fakes::age_at) >= 21 && p.details.number(fakes::age_at) <= 22 &&
                         p.files.empty();
                }));
    }
  }
}

// For any question, the pages show in order the people that one would find by looking at each of them: those
// in the index, those not in it yet, those changed since, and none that are gone.
TEST_P(search_pages, pages_have_whom_looking_at_everybody_finds) {
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
  const std::vector<std::string> words = {"",     "a", "an", "anna", "annabel", "b",
                                          "berg", "z", "ro", "the",  "c++",     "李"};
  for (int turn = 0; turn < 60; ++turn) {
    asked what;
    what.words = words[random() % words.size()] + " " + words[random() % words.size()];
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
      std::ranges::sort(expected, {},
                        [](const person& p) { return std::pair(p.details.number(fakes::age_at), p.id); });
    if (what.sort == people_sort::name) {
      std::ranges::sort(expected, {},
                        [](const person& p) { return std::pair(base::sort_key(p.details.name()), p.id); });
    }
    SCOPED_TRACE(testing::Message() << "turn " << turn << ": " << what.words << ", sort "
                                    << static_cast<int>(what.sort));
    EXPECT_EQ(walk(what), ids(expected));
  }
}

TEST_P(search_pages, an_edit_and_a_deletion_count_at_once_whatever_the_index_has) {
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

TEST_P(search_pages, pages_stay_right_while_people_come_and_go) {
  std::vector<domain::person_id> people;
  for (int i = 0; i < 10; ++i) people.push_back(add(somebody("P" + std::to_string(i))));
  asked what{.limit = 4};
  auto page = must(store().list_people(what));  // P9 to P6
  add(somebody("New"));
  must(store().delete_person(people[6], {}));  // the person at the page's edge
  what.cursor = page.next;
  page = must(store().list_people(what));
  EXPECT_EQ(page.items.at(0).details.name(), "P5");
  EXPECT_EQ(page.items.at(3).details.name(), "P2");
  what.cursor = page.previous;
  page = must(store().list_people(what));
  ASSERT_EQ(page.items.size(), 4u);
  EXPECT_EQ(page.items[3].details.name(), "P7");
  EXPECT_EQ(page.items[0].details.name(), "New");
  EXPECT_FALSE(page.previous);
}

TEST_P(search_pages, back_from_a_position_before_which_nobody_is_left_is_the_first_page) {
  const auto oldest = add(somebody("Old"));
  const auto newest = add(somebody("New"));
  asked what{.limit = 1};
  what.cursor = must(store().list_people(what)).next;
  const auto second = must(store().list_people(what));
  must(store().delete_person(newest, {}));
  what.cursor = second.previous;
  const auto page = must(store().list_people(what));
  ASSERT_EQ(page.items.size(), 1u);
  EXPECT_EQ(page.items[0].id, oldest);
}

TEST_P(search_pages, refuses_a_position_in_another_order) {
  add(somebody());
  asked what{.sort = people_sort::name};
  what.cursor = domain::people_cursor{.sort = people_sort::age, .backwards = false, .key = "30", .id = 1};
  EXPECT_EQ(code_of(store().list_people(what)), error_code::invalid);
}

TEST_P(search_pages, takes_any_position_that_somebody_made_up) {
  add(somebody());
  for (const auto sort : {people_sort::newest, people_sort::name, people_sort::age}) {
    for (const auto* key : {"", "' OR 1", "99999999999999999999999", "zz"}) {
      asked what{.sort = sort};
      what.cursor = domain::people_cursor{.sort = sort, .backwards = false, .key = key, .id = -5};
      must(store().list_people(what));
      what.cursor->backwards = true;
      must(store().list_people(what));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(records, search_pages, testing::ValuesIn(search_backends()), name_of);

}  // namespace
}  // namespace dossier::contract
