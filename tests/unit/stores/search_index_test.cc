// The search's index over time: it is filled, forgets people, and is folded again.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <set>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/log.h"
#include "base/text_policy.h"
#include "fakes/details.h"
#include "fakes/manual_clock.h"
#include "fakes/run.h"
#include "fakes/temporary_folder.h"
#include "stores/embedded.h"
#include "stores/sql/migrations.h"
#include "stores/sql/query.h"
#include "stores/sql/rows.h"
#include "stores/sql/search/people_search.h"
#include "stores/sql/search/people_set.h"
#include "stores/sql/search/search_index.h"
#include "stores/sql/search/search_terms.h"
#include "stores/sql/sqlite/sqlite_connection.h"

namespace dossier::stores::sql {
namespace {

namespace fs = std::filesystem;
using domain::people_sort;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// Asks the index at once, without looking at people first.
constexpr search_plan by_index{.looked_at_first = 0, .sorted = 3, .few = 0};

TEST(people_block, is_the_same_after_it_was_stored) {
  std::mt19937 random(3);
  for (const int people : {0, 1, 2, 500, 4'095, 4'096, 4'097, 30'000, 65'536}) {
    std::set<std::uint16_t> all;
    while (std::ssize(all) < people)
      all.insert(static_cast<std::uint16_t>(people == 65'536 ? all.size() : random() % 65'536));
    people_block block;
    for (const auto one : all) block.add(one);
    const auto stored = block.encode();
    EXPECT_LE(stored.size(), 8'192u);
    people_block again(stored);
    std::vector<std::uint16_t> found;
    again.each([&](std::uint16_t place) { found.push_back(place); });
    EXPECT_TRUE(std::ranges::equal(found, all)) << people;
    // The same after people were removed, down to none.
    for (const auto one : all) {
      if (one % 3 != 0) again.remove(one);
    }
    EXPECT_EQ(again.count(),
              static_cast<std::size_t>(std::ranges::count_if(all, [](auto one) { return one % 3 == 0; })));
    EXPECT_EQ(people_block(again.encode()).count(), again.count());
  }
}

TEST(people_block, takes_damaged_bytes_for_nobody) {
  for (const std::size_t size : {1u, 3u, 8'191u, 8'193u, 20'000u})
    EXPECT_EQ(people_block(std::vector<std::byte>(size)).count(), 0u) << size;
}

TEST(people_set, keeps_what_two_have_in_common) {
  std::mt19937 random(5);
  for (const unsigned spread : {100u, 70'000u, 1'000'000u}) {
    std::set<std::int64_t> one;
    std::set<std::int64_t> other;
    for (int i = 0; i < 6'000; ++i) {
      one.insert(random() % spread);
      if (i % 3 == 0) other.insert(random() % spread);
    }
    const auto set_of = [](const std::set<std::int64_t>& ids) {
      people_set all;
      for (const auto id : ids) {
        people_block single;
        single.add(place_of(id));
        all.add(block_of(id), single);
      }
      return all;
    };
    auto both = set_of(one);
    both.keep_common(set_of(other));
    std::vector<std::int64_t> expected;
    std::ranges::set_intersection(one, other, std::back_inserter(expected));
    EXPECT_EQ(both.ids(), expected);
    EXPECT_EQ(both.count(), expected.size());
    EXPECT_EQ(both.after(-1, 1'000'000), expected);
    std::ranges::reverse(expected);
    EXPECT_EQ(both.before(1'000'000'000, 1'000'000), expected);
  }
}

TEST(search_entry, is_the_same_after_it_was_written) {
  const search_entry all{.texts = {"anna berg", "", "c++"},
                         .numbers = {41},
                         .has_files = true,
                         .words = {"anna", "berg", "c++"}};
  EXPECT_EQ(terms_of(read_entry(write_entry(all), index_policy())), terms_of(all));
  const search_entry nothing{.texts = {"", "", ""}, .numbers = {0}, .words = {}};
  EXPECT_EQ(terms_of(read_entry(write_entry(nothing), index_policy())), terms_of(nothing));
}

class search_index_test : public testing::Test {
 protected:
  search_index_test() { base::start_log(base::log_format::text, base::log_level::off); }

  fs::path data() const { return folder_.path() / "data"; }
  opened_stores open() { return open_embedded(data(), clock_, {.disk_threads = 1}, {}).value(); }
  std::unique_ptr<sqlite_connection> connect() {
    return std::make_unique<sqlite_connection>((data() / "records.db").string(), clock_, sqlite_settings{});
  }
  domain::person_id add(domain::records& to, const std::string& name, const std::string& place = "Ulm") {
    domain::commit_request request;
    request.lease = {"lease-" + std::to_string(++number_)};
    request.lease_for = std::chrono::seconds(15);
    request.details = fakes::known{name, place, 30, "C++"};
    return std::get<domain::person>(fakes::run_sync(to.commit_submission(request)).value()).id;
  }
  static void tend(domain::records& which) {
    while (fakes::run_sync(which.tend_search(true)).value()) {
    }
  }
  // One batch, in a transaction of its own.
  static bool tend(connection& on, const tending& how) {
    if (!is_index_due(on, how)) return false;
    on.begin();
    const bool more = tend_index(on, how);
    on.commit();
    return more;
  }
  static std::vector<std::string> names(connection& on, const fakes::asked& what) {
    std::vector<std::string> found;
    for (const auto& one : search_people(on, what, by_index).value().items)
      found.push_back(one.details.name());
    return found;
  }
  static std::int64_t ask(connection& on, const std::string& sql) {
    query row(on, sql);
    return row.next() ? row.integer(0) : -1;
  }
  // Whether any file of the records has this text.
  bool is_written_anywhere(const std::string& text) const {
    for (const auto& one : fs::directory_iterator(data())) {
      if (!one.is_regular_file()) continue;
      std::ifstream file(one.path(), std::ios::binary);
      const std::string bytes{std::istreambuf_iterator(file), {}};
      if (bytes.contains(text)) return true;
    }
    return false;
  }

  fakes::temporary_folder folder_;
  fakes::manual_clock clock_;
  int number_ = 0;
};

TEST_F(search_index_test, all_of_an_erased_person_s_words_are_gone_from_the_database) {
  auto stores = open();
  auto& records = *stores.records;
  for (int i = 0; i < 30; ++i) add(records, "Neighbour " + std::to_string(i));
  const auto gone = add(records, "Xylophonist Quetzalcoatl", "Popocatepetl");
  const auto edited = add(records, "Ouagadougou Titicaca");
  tend(records);
  for (const auto* word : {"Xylophonist", "xylophon", "quetzalc", "popocate", "ouagadou", "titicaca"})
    EXPECT_TRUE(is_written_anywhere(word)) << word;
  fakes::run_sync(records.delete_person(gone, {})).value();
  fakes::run_sync(records.update_person(edited, fakes::known{"Somebody Else", "Ulm", 30, "C++"}, {})).value();
  tend(records);
  add(records, "Neighbour 30");  // this write clears a log that a reader kept from being cleared
  for (const auto* word : {"Xylop", "xylop", "uetzalc", "opocate", "uagadou", "iticaca"}) {
    // The log is cleared once a second.
    for (int tries = 0; is_written_anywhere(word) && tries < 1'000; ++tries)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    EXPECT_FALSE(is_written_anywhere(word)) << word;
  }
  const auto on = connect();
  EXPECT_EQ(ask(*on, "SELECT COUNT(*) FROM search_gone"), 0);
  EXPECT_EQ(ask(*on, "SELECT COUNT(*) FROM search_entry"), 31);
}

TEST_F(search_index_test, an_index_of_nobody_is_empty) {
  auto stores = open();
  std::vector<domain::person_id> all;
  for (int i = 0; i < 20; ++i) all.push_back(add(*stores.records, "Person " + std::to_string(i % 7)));
  tend(*stores.records);
  for (const auto id : all) fakes::run_sync(stores.records->delete_person(id, {})).value();
  tend(*stores.records);
  EXPECT_EQ(ask(*connect(), "SELECT COUNT(*) FROM search_posting"), 0);
}

TEST_F(search_index_test, few_wait_for_company_but_not_for_long) {
  auto stores = open();
  auto& records = *stores.records;
  add(records, "First");
  tend(records);
  add(records, "Second");
  const auto pending = [&] {
    return ask(*connect(), "SELECT COUNT(*) FROM person WHERE pending = 1");
  };
  EXPECT_FALSE(fakes::run_sync(records.tend_search(false)).value());
  EXPECT_EQ(pending(), 1);
  clock_.advance(std::chrono::seconds(31));
  fakes::run_sync(records.tend_search(false)).value();
  EXPECT_EQ(pending(), 0);
  for (int i = 0; i < 64; ++i) add(records, "Many");
  fakes::run_sync(records.tend_search(false)).value();
  EXPECT_EQ(pending(), 0);
}

// The database is as the version before left it: the tables of its script, and words in a table of their own.
TEST_F(search_index_test, a_database_of_the_version_before_is_searched_at_once_and_then_by_the_index) {
  fs::create_directories(data() / "objects");
  {
    std::ifstream file(DOSSIER_SOURCE_DIR "/db/sqlite/0001_records.sql");
    const std::string script{std::istreambuf_iterator(file), {}};
    const std::array<base::embedded_file, 1> first{{{"0001_records.sql", script}}};
    const auto on = connect();
    ASSERT_EQ(apply_migrations(*on, first).value(), 1);
    for (int i = 0; i < 30; ++i) {
      const auto name = "Person " + std::to_string(100 + i);
      execute(*on,
              "INSERT INTO person (name, location, age, technology, folded_name, folded_location, "
              "folded_technology, "
              "words, file_count, has_files, version, created_at, updated_at) "
              "VALUES (?, 'Ulm', 30, 'C', ?, 'ulm', 'c', ?, 0, 0, 1, 0, 0)",
              name, "person " + std::to_string(100 + i), " person " + std::to_string(100 + i) + " ulm c");
      execute(*on, "INSERT INTO person_word (word, person_id) VALUES ('person', ?)", i + 1);
    }
  }
  auto stores = open();
  const auto on = connect();
  EXPECT_FALSE(on->has_table("person_word"));
  const std::vector<fakes::asked> questions{{.words = "person 12", .sort = people_sort::name},
                                            {.words = "ulm", .technology_exact = "c", .limit = 100}};
  const std::vector<std::size_t> answers{10, 30};
  for (std::size_t i = 0; i < questions.size(); ++i)
    EXPECT_THAT(names(*on, questions[i]), SizeIs(answers[i]));
  tend(*on, {.policy = base::text_policy_version, .people_in_batch = 11});
  EXPECT_EQ(ask(*on, "SELECT COUNT(*) FROM search_entry"), 11);
  for (std::size_t i = 0; i < questions.size(); ++i)
    EXPECT_THAT(names(*on, questions[i]), SizeIs(answers[i]));
  tend(*stores.records);
  EXPECT_EQ(ask(*on, "SELECT COUNT(*) FROM person WHERE pending = 1"), 0);
  for (std::size_t i = 0; i < questions.size(); ++i)
    EXPECT_THAT(names(*on, questions[i]), SizeIs(answers[i]));
}

// An earlier text policy only put "old-" in front. The index has everybody as that policy folded them.
class folded_before : public search_index_test {
 protected:
  static constexpr int people = 50;

  folded_before() {
    auto stores = open();
    for (int i = 0; i < people; ++i) add(*stores.records, "Ångström " + std::to_string(100 + i));
    const auto on = connect();
    execute(
        *on,
        "UPDATE person SET folded_name = 'old-' || name, folded_location = 'old-ulm', words = ' old-' || id");
    std::vector<posting> all;
    for (int id = 1; id <= people; ++id) {
      const auto number = std::to_string(id);
      const search_entry entry{.texts = {"old-Ångström " + std::to_string(99 + id), "old-ulm", "c++"},
                               .numbers = {30},
                               .words = {"old-" + number}};
      execute(*on, "INSERT INTO search_entry (person_id, version, policy, content) VALUES (?, 1, ?, ?)", id,
              base::text_policy_version - 1, write_entry(entry));
      for (const auto& term : terms_of(entry)) all.push_back({term, id});
    }
    for (const auto& [term, id] : all) add_posting(*on, term, id);
    execute(*on, "UPDATE person SET pending = 0");
    execute(*on, "UPDATE search_state SET policy = ?, swept_to = ?, sweep_end = ?",
            base::text_policy_version - 1, people, people);
  }

  struct posting {
    std::string term;
    std::int64_t id;
  };
  static void add_posting(connection& on, const std::string& term, std::int64_t id) {
    people_block block;
    {
      query row(on, "SELECT people FROM search_posting WHERE term = ? AND block = 0", term);
      if (row.next()) block = people_block(row.bytes(0));
    }
    block.add(place_of(id));
    execute(on, "REPLACE INTO search_posting (term, block, people) VALUES (?, 0, ?)", term,
            std::span<const std::byte>(block.encode()));
  }
  static std::size_t count(connection& on, const std::string& words) {
    return names(on, {.words = words, .sort = people_sort::name, .limit = 100}).size();
  }
};

TEST_F(folded_before, is_folded_again_in_batches_and_found_more_and_more) {
  const auto on = connect();
  EXPECT_EQ(count(*on, "angstrom"), 0u);
  const tending how{
      .policy = base::text_policy_version, .at_once = true, .people_in_batch = 7, .people_in_sweep = 10};
  std::size_t found = 0;
  int batches = 0;
  while (tend(*on, how)) {
    const auto now = count(*on, "angstrom");
    EXPECT_GE(now, found);
    EXPECT_LE(now, found + 7);
    found = now;
    ++batches;
  }
  EXPECT_GT(batches, people / 7);
  EXPECT_EQ(count(*on, "angstrom"), static_cast<std::size_t>(people));
  EXPECT_EQ(count(*on, "old"), 0u);
  EXPECT_EQ(ask(*on, "SELECT COUNT(*) FROM search_entry WHERE policy <> " +
                         std::to_string(base::text_policy_version)),
            0);
  EXPECT_EQ(ask(*on, "SELECT COUNT(*) FROM search_posting WHERE term LIKE '_old%'"), 0);
  EXPECT_FALSE(is_index_due(*on, how));
}

TEST_F(folded_before, goes_on_after_a_kill_in_the_middle) {
  const tending how{
      .policy = base::text_policy_version, .at_once = true, .people_in_batch = 7, .people_in_sweep = 10};
  for (int kill = 0; kill < 5; ++kill) {
    const auto on = connect();
    tend(*on, how);
    tend(*on, how);
    on->begin();
    tend_index(*on, how);
    on->roll_back();  // as a process that died leaves it
  }
  auto stores = open();
  tend(*stores.records);
  const auto on = connect();
  EXPECT_EQ(count(*on, "angstrom"), static_cast<std::size_t>(people));
  EXPECT_EQ(count(*on, "old"), 0u);
  EXPECT_EQ(ask(*on, "SELECT COUNT(*) FROM search_posting WHERE term LIKE '_old%'"), 0);
}

TEST_F(folded_before, is_left_alone_by_a_node_with_a_lower_policy) {
  const auto on = connect();
  execute(*on, "UPDATE search_state SET policy = ?", base::text_policy_version + 1);
  const tending how{.policy = base::text_policy_version, .at_once = true};
  EXPECT_FALSE(is_index_due(*on, how));
  on->begin();
  EXPECT_FALSE(tend_index(*on, how));
  on->commit();
  EXPECT_EQ(ask(*on, "SELECT COUNT(*) FROM search_entry WHERE policy = " +
                         std::to_string(base::text_policy_version)),
            0);
}

// A node of the version before changes people without telling the index.
TEST_F(search_index_test, the_sweep_finds_whom_others_changed_and_deleted) {
  auto stores = open();
  for (const auto* name : {"Anna", "Berta", "Carla"}) add(*stores.records, name);
  tend(*stores.records);
  const auto on = connect();
  execute(*on,
          "UPDATE person SET name = 'Zita', folded_name = 'zita', words = ' zita ulm c++', version = version "
          "+ 1 WHERE id = 1");
  execute(*on, "DELETE FROM person WHERE id = 2");
  EXPECT_THAT(names(*on, {.words = "anna"}), IsEmpty()) << "each row is looked at once more";
  EXPECT_THAT(names(*on, {.words = "berta"}), IsEmpty());
  execute(*on, "UPDATE search_state SET swept_to = 0, sweep_end = 3");
  const tending how{.policy = base::text_policy_version, .at_once = true};
  while (tend(*on, how)) {
  }
  EXPECT_THAT(names(*on, {.words = "zita"}), ElementsAre("Zita"));
  EXPECT_THAT(names(*on, {.words = "u"}), ElementsAre("Carla", "Zita"));
  EXPECT_EQ(ask(*on, "SELECT COUNT(*) FROM search_posting WHERE term LIKE '__anna%' OR term LIKE '__bert%'"),
            0);
}

}  // namespace
}  // namespace dossier::stores::sql
