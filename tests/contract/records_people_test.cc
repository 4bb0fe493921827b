#include "contract/records_contract.h"
#include "fakes/details.h"

namespace dossier::contract {
namespace {

using domain::file_state;
using domain::task_kind;
using testing::ElementsAre;

class people : public records_contract {
 protected:
  std::vector<std::string> history_of(domain::person_id id) {
    std::vector<std::string> lines;
    for (const auto& entry : must(store().history(id, 100))) {
      lines.push_back(entry.what.empty() ? entry.action : entry.action + ": " + entry.what);
    }
    return lines;
  }
};

TEST_P(people, answers_not_found_for_a_number_that_nobody_has) {
  for (const std::int64_t id : {0L, -1L, 1L, 1L << 62}) {
    EXPECT_EQ(code_of(store().find_person({id})), error_code::not_found);
    EXPECT_EQ(code_of(store().find_file({id})), error_code::not_found);
    EXPECT_EQ(code_of(store().delete_file({id})), error_code::not_found);
    EXPECT_EQ(code_of(store().delete_person({id}, {})), error_code::not_found);
    EXPECT_EQ(code_of(store().update_person({id}, somebody(), {})), error_code::not_found);
  }
  EXPECT_TRUE(must(store().history({1}, 10)).empty());
}

TEST_P(people, finds_a_file_by_its_number) {
  const auto who = find(add(somebody(), 1));
  const auto one = must(store().find_file(who.files[0].id));
  EXPECT_EQ(one.key, who.files[0].key);
  EXPECT_EQ(one.person, who.id);
  EXPECT_EQ(one.digest, digest("body"));
}

TEST_P(people, edits_and_raises_the_version) {
  const auto before = find(add(somebody()));
  let_pass(3s);
  const auto after = must(store().update_person(before.id, somebody("Anna Berg", "Wien", 31), 1));
  EXPECT_EQ(after.details, somebody("Anna Berg", "Wien", 31));
  EXPECT_EQ(after.version, 2);
  EXPECT_EQ(after.updated_at - before.updated_at, 3s);
  EXPECT_EQ(after.created_at, before.created_at);
  EXPECT_EQ(find(before.id).details, after.details);
  EXPECT_THAT(history_of(before.id), ElementsAre("edited: location, age", "created"));
}

TEST_P(people, an_edit_that_changes_nothing_is_no_change) {
  const auto id = add(somebody());
  EXPECT_EQ(must(store().update_person(id, somebody(), {})).version, 1);
  EXPECT_THAT(history_of(id), ElementsAre("created"));
}

TEST_P(people, refuses_an_edit_of_another_version_and_changes_nothing) {
  const auto id = add(somebody());
  must(store().update_person(id, somebody("Bea"), 1));
  EXPECT_EQ(code_of(store().update_person(id, somebody("Cid"), 1)), error_code::stale);
  EXPECT_EQ(find(id).details.name(), "Bea");
  EXPECT_EQ(must(store().update_person(id, somebody("Dan"), {})).details.name(), "Dan");
}

TEST_P(people, a_rename_owes_an_index_for_each_file) {
  const auto id = add(somebody(), 2);
  do_due_tasks();
  must(store().update_person(id, somebody("Anna Berg", "Wien"), {}));
  EXPECT_TRUE(lease_all().empty()) << "the name is the same";
  must(store().update_person(id, somebody("Anna Tal", "Wien"), {}));
  const auto leased = lease_all();
  ASSERT_EQ(leased.size(), 2u);
  EXPECT_EQ(leased[0].kind, task_kind::index);
  EXPECT_EQ(leased[0].author, "Anna Tal");
}

TEST_P(people, deleting_a_person_erases_its_files_later_and_all_else_at_once) {
  const auto who = find(add(somebody(), 2));
  do_due_tasks();
  must(store().delete_person(who.id, 1));
  EXPECT_EQ(code_of(store().find_person(who.id)), error_code::not_found);
  EXPECT_EQ(code_of(store().find_file(who.files[0].id)), error_code::not_found);
  EXPECT_TRUE(must(store().list_people({})).items.empty());
  EXPECT_TRUE(must(store().list_people({.words = "anna"})).items.empty());
  EXPECT_TRUE(must(store().history(who.id, 10)).empty());
  EXPECT_EQ(row(who.files[1].id).state, file_state::deleting);
  const auto leased = lease_all();
  ASSERT_EQ(leased.size(), 2u);
  EXPECT_EQ(leased[0].kind, task_kind::erase);
  EXPECT_EQ(leased[0].file.key, who.files[0].key);
  EXPECT_EQ(leased[0].file.person.value, 0);
  EXPECT_EQ(leased[0].author, "");
  EXPECT_FALSE(leased[0].erase_again);
}

TEST_P(people, refuses_to_delete_another_version) {
  const auto id = add(somebody(), 1);
  EXPECT_EQ(code_of(store().delete_person(id, 2)), error_code::stale);
  EXPECT_EQ(find(id).files.size(), 1u);
}

TEST_P(people, deleting_a_file_raises_the_version_and_owes_an_erase) {
  const auto before = find(add(somebody(), 2));
  do_due_tasks();
  let_pass(1s);
  must(store().delete_file(before.files[0].id));
  const auto after = find(before.id);
  ASSERT_EQ(after.files.size(), 1u);
  EXPECT_EQ(after.files[0].id, before.files[1].id);
  EXPECT_EQ(after.version, 2);
  EXPECT_GT(after.updated_at, before.updated_at);
  EXPECT_EQ(code_of(store().find_file(before.files[0].id)), error_code::not_found);
  EXPECT_EQ(code_of(store().delete_file(before.files[0].id)), error_code::not_found);
  EXPECT_THAT(history_of(before.id), ElementsAre("file_removed: file0.png", "created: 2 files"));
  const auto leased = lease_all();
  ASSERT_EQ(leased.size(), 1u);
  EXPECT_EQ(leased[0].kind, task_kind::erase);
}

TEST_P(people, the_oldest_files_come_with_a_person_and_all_are_counted) {
  const auto few = add(somebody(), 2);
  const auto many = add(somebody("Bernd"), 25);
  for (const auto& [id, count] : {std::pair(few, 2), std::pair(many, 25)}) {
    const auto who = find(id);
    EXPECT_EQ(who.file_count, count);
    ASSERT_EQ(who.files.size(), std::min<std::size_t>(count, domain::files_with_person));
    for (std::size_t i = 0; i < who.files.size(); ++i) {
      EXPECT_EQ(who.files[i].name, "file" + std::to_string(i) + ".png");
      EXPECT_EQ(who.files[i].person, id);
    }
    EXPECT_EQ(who.photo, who.files[0].id);
  }
  const auto page = must(store().list_people({}));
  ASSERT_EQ(page.items.size(), 2u);
  EXPECT_EQ(page.items[0].file_count, 25);
  EXPECT_EQ(page.items[0].files.size(), domain::files_with_person);
  EXPECT_EQ(page.items[0].photo, find(many).photo);
  EXPECT_EQ(page.items[1].files.size(), 2u);

  must(store().delete_file(find(many).files[0].id));
  const auto after = find(many);
  EXPECT_EQ(after.file_count, 24);
  EXPECT_EQ(after.files.front().name, "file1.png");
  EXPECT_EQ(after.files.back().name, "file20.png");
}

// No person's page reads more than a bounded number of file rows.
TEST_P(people, the_photo_is_looked_for_among_the_oldest_hundred) {
  const auto with_picture_after = [this](int others) {
    const auto lease = new_lease();
    auto request = commit_request(lease, somebody());
    for (int i = 0; i < others; ++i) {
      request.files.push_back(stored(begin_file(lease)));
      request.files.back().media_type = "text/plain";
    }
    request.files.push_back(stored(begin_file(lease)));
    return std::pair(commit(request), request.files.back().id);
  };
  for (const auto others : {21, 99, 100, 120}) {
    const auto [id, picture] = with_picture_after(others);
    const auto expected = others < domain::files_seen_for_photo ? std::optional(picture) : std::nullopt;
    EXPECT_EQ(find(id).photo, expected) << others;
    EXPECT_EQ(find(id).file_count, others + 1);
    EXPECT_EQ(find(id).files.size(), domain::files_with_person);
    EXPECT_EQ(must(store().list_people({})).items[0].photo, expected) << others;
  }
}

TEST_P(people, all_files_are_listed_page_by_page_in_both_orders) {
  const auto id = add(somebody(), 25);
  add(somebody("Bernd"), 3);
  const auto names = [&](bool newest_first) {
    std::vector<std::string> all;
    domain::files_query what{.person = id, .newest_first = newest_first, .limit = 10};
    for (int pages = 1;; ++pages) {
      const auto page = must(store().list_files(what));
      for (const auto& one : page.items) all.push_back(one.name);
      EXPECT_EQ(page.items.size(), pages == 3 ? 5u : 10u);
      EXPECT_EQ(page.next.has_value(), pages < 3);
      if (!page.next || pages == 3) return all;
      what.after = page.next;
    }
  };
  std::vector<std::string> expected;
  for (int i = 0; i < 25; ++i) expected.push_back("file" + std::to_string(i) + ".png");
  EXPECT_EQ(names(false), expected);
  std::ranges::reverse(expected);
  EXPECT_EQ(names(true), expected);
}

TEST_P(people, a_page_of_files_goes_on_after_one_that_is_gone) {
  const auto id = add(somebody(), 4);
  const auto first = must(store().list_files({.person = id, .limit = 2}));
  must(store().delete_file(*first.next));
  const auto rest = must(store().list_files({.person = id, .after = first.next, .limit = 2}));
  ASSERT_EQ(rest.items.size(), 2u);
  EXPECT_EQ(rest.items[0].name, "file2.png");
  EXPECT_FALSE(rest.next);
}

TEST_P(people, whoever_has_no_files_has_an_empty_page_and_nobody_has_none) {
  const auto id = add(somebody());
  EXPECT_TRUE(must(store().list_files({.person = id})).items.empty());
  EXPECT_EQ(code_of(store().list_files({.person = {id.value + 1}})), error_code::not_found);
  must(store().delete_person(id, {}));
  EXPECT_EQ(code_of(store().list_files({.person = id})), error_code::not_found);
}

TEST_P(people, a_new_name_and_a_deletion_reach_every_file_of_many) {
  const auto id = add(somebody(), 25);
  do_due_tasks();
  must(store().update_person(id, somebody("Bernd"), {}));
  EXPECT_EQ(do_due_tasks(), 25);
  must(store().delete_person(id, {}));
  EXPECT_EQ(do_due_tasks(), 25);
}

TEST_P(people, does_not_delete_a_file_that_is_being_uploaded) {
  const auto id = begin_file(new_lease());
  EXPECT_EQ(code_of(store().delete_file(id)), error_code::not_found);
  EXPECT_EQ(row(id).state, file_state::uploading);
}

TEST_P(people, history_is_newest_first_and_bounded) {
  const auto id = add(somebody(), 1);
  let_pass(5s);
  must(store().update_person(id, somebody("B"), {}));
  must(store().update_person(id, somebody("C", "Ulm"), {}));
  EXPECT_THAT(history_of(id), ElementsAre("edited: name, location", "edited: name", "created: 1 file"));
  const auto entries = must(store().history(id, 2));
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].at, find(id).updated_at);
}

TEST_P(people, suggests_the_technologies_of_those_who_came_last_each_once) {
  for (const auto* technology : {"COBOL", "Rust", "C++", "rust", "Ada"})
    add(somebody("A", "B", 1, technology));
  EXPECT_THAT(must(store().recent_values(fakes::technology_at, 10)),
              ElementsAre("Ada", "rust", "C++", "COBOL"));
  EXPECT_THAT(must(store().recent_values(fakes::technology_at, 2)), ElementsAre("Ada", "rust"));
}

TEST_P(people, answers_when_asked_whether_it_is_there) {
  must(store().check());
}

INSTANTIATE_TEST_SUITE_P(records, people, testing::ValuesIn(records_backends()), name_of);

}  // namespace
}  // namespace dossier::contract
