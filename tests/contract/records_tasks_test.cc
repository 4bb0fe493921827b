#include "contract/records_contract.h"

namespace dossier::contract {
namespace {

using domain::file_id;
using domain::file_state;
using domain::task;
using domain::task_kind;

class tasks : public records_contract {
 protected:
  task lease_one(milliseconds time = 60s) {
    auto leased = lease_all(time);
    if (leased.size() != 1)
      throw std::runtime_error("expected one due task, got " + std::to_string(leased.size()));
    return leased[0];
  }
};

TEST_P(tasks, none_are_owed_in_the_beginning) {
  EXPECT_EQ(must(store().next_task_due()), std::nullopt);
  EXPECT_TRUE(lease_all().empty());
  EXPECT_EQ(must(store().task_stats()).owed, 0);
}

TEST_P(tasks, are_leased_oldest_due_first_up_to_the_limit) {
  const auto first = find(add(somebody("A"), 1)).files[0].id;
  let_pass(1s);
  const auto second = find(add(somebody("B"), 1)).files[0].id;
  let_pass(1s);
  const auto third = find(add(somebody("C"), 1)).files[0].id;
  const auto two = must(store().lease_tasks(new_lease(), 2, 60s));
  ASSERT_EQ(two.size(), 2u);
  EXPECT_EQ(two[0].file.id, first);
  EXPECT_EQ(two[1].file.id, second);
  const auto rest = must(store().lease_tasks(new_lease(), 2, 60s));
  ASSERT_EQ(rest.size(), 1u);
  EXPECT_EQ(rest[0].file.id, third);
}

TEST_P(tasks, a_leased_one_may_be_leased_again_only_after_its_lease_has_ended) {
  add(somebody(), 1);
  const auto first = lease_one();
  let_pass(60s - 1ms);
  EXPECT_TRUE(lease_all().empty());
  let_pass(1ms);
  const auto second = lease_one();
  EXPECT_EQ(second.file.id, first.file.id);
  EXPECT_NE(second.lease, first.lease);
}

TEST_P(tasks, a_worker_whose_lease_was_taken_confirms_nothing) {
  const auto who = find(add(somebody(), 1));
  do_due_tasks();
  must(store().delete_file(who.files[0].id));
  const auto stalled = lease_one();
  let_pass(60s);
  const auto current = lease_one();
  must(store().complete_tasks({{stalled, {}}}));
  must(store().retry_task(stalled, 1s));
  EXPECT_EQ(must(store().task_stats()).owed, 1);
  EXPECT_EQ(must(store().next_task_due()), 60s) << "still leased";
  must(store().complete_tasks({{current, {}}}));
  EXPECT_EQ(must(store().task_stats()).owed, 0);
}

// It is written again whether the late task succeeded or failed: what failed may have happened.
TEST_P(tasks, an_item_that_was_written_late_is_written_again) {
  for (const bool worked : {true, false}) {
    const auto who = find(add(somebody("Before"), 1));
    const auto late = lease_one();
    let_pass(60s);
    must(store().update_person(who.id, somebody("After"), {}));
    const auto current = lease_one();
    if (worked) must(store().complete_tasks({{late, {}}}));
    if (!worked) must(store().retry_task(late, 1s));
    EXPECT_TRUE(lease_all().empty()) << "it is leased";
    must(store().complete_tasks({{current, {}}}));
    const auto again = lease_one();
    EXPECT_EQ(again.kind, task_kind::index);
    EXPECT_EQ(again.author, "After");
    must(store().complete_tasks({{again, {}}}));
    if (worked) must(store().complete_tasks({{late, {}}}));
    if (!worked) must(store().retry_task(late, 1s));
    EXPECT_EQ(lease_one().kind, task_kind::index) << "also when nothing was owed any more";
    do_due_tasks();
    must(store().delete_person(who.id, {}));
    let_pass(60s);
    do_due_tasks();
  }
}

TEST_P(tasks, an_item_that_was_written_late_for_a_deleted_file_is_erased_once_more) {
  const auto who = find(add(somebody(), 1));
  const auto late = lease_one();
  let_pass(60s);
  must(store().delete_file(who.files[0].id));
  const auto erase = lease_one();
  must(store().complete_tasks({{late, {}}}));
  must(store().complete_tasks({{erase, {}}}));
  const auto again = lease_one();
  EXPECT_EQ(again.kind, task_kind::erase);
  EXPECT_TRUE(again.erase_again);
  must(store().complete_tasks({{again, {}}}));
  EXPECT_FALSE(row(who.files[0].key));
  // Now the file has no row.
  must(store().complete_tasks({{late, {}}}));
  const auto orphan = lease_one();
  EXPECT_EQ(orphan.kind, task_kind::erase);
  EXPECT_EQ(orphan.file.key, who.files[0].key);
  must(store().complete_tasks({{orphan, {}}}));
  EXPECT_FALSE(row(who.files[0].key));
}

TEST_P(tasks, a_done_index_goes) {
  const auto file = find(add(somebody(), 1)).files[0].id;
  must(store().complete_tasks({{lease_one(), {}}}));
  EXPECT_EQ(row(file).owed, std::nullopt);
  EXPECT_EQ(row(file).state, file_state::stored);
}

TEST_P(tasks, a_done_erase_goes_with_its_row) {
  const auto who = find(add(somebody(), 1));
  do_due_tasks();
  must(store().delete_file(who.files[0].id));
  must(store().complete_tasks({{lease_one(), {}}}));
  EXPECT_FALSE(row(who.files[0].key));
  EXPECT_EQ(must(store().task_stats()).owed, 0);
}

TEST_P(tasks, an_erase_is_repeated_once_when_asked) {
  const auto who = find(add(somebody(), 1));
  do_due_tasks();
  must(store().delete_file(who.files[0].id));
  must(store().complete_tasks({{lease_one(), 30s}}));
  EXPECT_TRUE(row(who.files[0].key));
  EXPECT_EQ(must(store().next_task_due()), 30s);
  let_pass(30s);
  const auto again = lease_one();
  EXPECT_EQ(again.kind, task_kind::erase);
  EXPECT_FALSE(again.erase_again);
  must(store().complete_tasks({{again, {}}}));
  EXPECT_FALSE(row(who.files[0].key));
}

TEST_P(tasks, many_are_confirmed_at_once) {
  add(somebody(), 5);
  std::vector<domain::finished_task> done;
  for (auto& one : lease_all()) done.push_back({one, {}});
  EXPECT_EQ(done.size(), 5u);
  must(store().complete_tasks(done));
  EXPECT_EQ(must(store().task_stats()).owed, 0);
  must(store().complete_tasks(done));
  must(store().complete_tasks({}));
}

TEST_P(tasks, one_that_changed_while_it_was_leased_is_released_and_not_confirmed) {
  const auto who = find(add(somebody(), 1));
  const auto old = lease_one();
  must(store().delete_file(who.files[0].id));
  EXPECT_TRUE(lease_all().empty()) << "two tasks of one file never run at the same time";
  must(store().complete_tasks({{old, {}}}));
  const auto now = lease_one();
  EXPECT_EQ(now.kind, task_kind::erase);
  EXPECT_GT(now.generation, old.generation);
  must(store().complete_tasks({{now, {}}}));
  EXPECT_FALSE(row(who.files[0].key));
}

TEST_P(tasks, a_rename_while_its_index_is_leased_is_indexed_again) {
  const auto id = find(add(somebody("Before"), 1)).id;
  const auto old = lease_one();
  must(store().update_person(id, somebody("After"), {}));
  must(store().complete_tasks({{old, {}}}));
  const auto now = lease_one();
  EXPECT_EQ(now.kind, task_kind::index);
  EXPECT_EQ(now.author, "After");
}

TEST_P(tasks, a_changed_one_whose_worker_died_comes_due_when_the_lease_ends) {
  const auto who = find(add(somebody(), 1));
  lease_one();
  must(store().delete_file(who.files[0].id));
  let_pass(60s);
  EXPECT_EQ(lease_one().kind, task_kind::erase);
}

TEST_P(tasks, a_failed_one_comes_due_again_after_the_delay_and_counts_the_attempt) {
  add(somebody(), 1);
  auto one = lease_one();
  EXPECT_EQ(one.attempts, 0);
  must(store().retry_task(one, 5s));
  EXPECT_EQ(must(store().next_task_due()), 5s);
  EXPECT_EQ(must(store().task_stats()).failing, 1);
  let_pass(5s);
  one = lease_one();
  EXPECT_EQ(one.attempts, 1);
}

TEST_P(tasks, a_failed_one_that_changed_meanwhile_is_due_now) {
  const auto who = find(add(somebody(), 1));
  const auto old = lease_one();
  must(store().delete_file(who.files[0].id));
  must(store().retry_task(old, 1h));
  const auto now = lease_one();
  EXPECT_EQ(now.kind, task_kind::erase);
  EXPECT_EQ(now.attempts, 0);
}

TEST_P(tasks, a_reap_becomes_an_erase_under_the_same_lease_to_be_repeated) {
  const auto id = begin_file(new_lease());
  let_pass(lease_time);
  const auto reap = lease_one();
  EXPECT_EQ(reap.kind, task_kind::reap);
  const auto erase = must(store().begin_reap(reap));
  EXPECT_EQ(erase.kind, task_kind::erase);
  EXPECT_EQ(erase.lease, reap.lease);
  EXPECT_TRUE(erase.erase_again);
  EXPECT_EQ(erase.file.id, id);
  EXPECT_EQ(row(id).state, file_state::deleting);
  EXPECT_TRUE(lease_all().empty()) << "still leased";
  must(store().complete_tasks({{erase, 30s}}));
  let_pass(30s);
  must(store().complete_tasks({{lease_one(), {}}}));
  EXPECT_EQ(must(store().task_stats()).owed, 0);
}

TEST_P(tasks, a_reap_is_refused_to_who_does_not_hold_it) {
  begin_file(new_lease());
  let_pass(lease_time);
  const auto stalled = lease_one();
  let_pass(60s);
  const auto current = lease_one();
  EXPECT_EQ(code_of(store().begin_reap(stalled)), error_code::conflict);
  must(store().begin_reap(current));
  EXPECT_EQ(code_of(store().begin_reap(current)), error_code::conflict) << "no longer uploading";
}

TEST_P(tasks, a_reap_is_refused_once_the_upload_was_given_up) {
  const auto lease = new_lease();
  begin_file(lease);
  let_pass(lease_time);
  const auto reap = lease_one();
  must(store().abandon_submission(lease));
  EXPECT_EQ(code_of(store().begin_reap(reap)), error_code::conflict);
  must(store().complete_tasks({{reap, {}}}));
  EXPECT_EQ(lease_one().kind, task_kind::erase);
}

TEST_P(tasks, an_abandoned_upload_is_erased_twice) {
  const auto lease = new_lease();
  begin_file(lease);
  must(store().abandon_submission(lease));
  EXPECT_TRUE(lease_one().erase_again);
}

TEST_P(tasks, statistics_say_what_is_owed_and_how_late_it_is) {
  begin_file(new_lease());
  const auto who = find(add(somebody(), 2));
  let_pass(4s);
  must(store().delete_file(who.files[0].id));
  auto all = must(store().task_stats());
  EXPECT_EQ(all.owed, 3);
  EXPECT_EQ(all.reap, 1);
  EXPECT_EQ(all.index, 1);
  EXPECT_EQ(all.erase, 1);
  EXPECT_EQ(all.failing, 0);
  EXPECT_EQ(all.oldest_overdue, 4s);
  EXPECT_EQ(must(store().next_task_due()), 0ms);
}

TEST_P(tasks, rows_are_scanned_in_order_whatever_their_state) {
  const auto who = find(add(somebody(), 2));
  do_due_tasks();
  const auto uploading = begin_file(new_lease());
  must(store().delete_file(who.files[0].id));
  let_pass(1ms);
  const auto all = must(store().scan_files({}, 100));
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].state, file_state::deleting);
  EXPECT_EQ(all[0].owed, task_kind::erase);
  EXPECT_TRUE(all[0].overdue);
  EXPECT_EQ(all[0].author, "");
  EXPECT_EQ(all[1].state, file_state::stored);
  EXPECT_EQ(all[1].owed, std::nullopt);
  EXPECT_EQ(all[1].author, "Anna Berg");
  EXPECT_EQ(all[1].file.person, who.id);
  EXPECT_EQ(all[2].file.id, uploading);
  const auto after = must(store().scan_files(all[0].file.id, 1));
  ASSERT_EQ(after.size(), 1u);
  EXPECT_EQ(after[0].file.id, all[1].file.id);
}

TEST_P(tasks, a_row_is_found_by_its_key) {
  const auto who = find(add(somebody(), 1));
  EXPECT_EQ(row(who.files[0].key)->file.id, who.files[0].id);
  EXPECT_FALSE(row(new_key()));
}

TEST_P(tasks, an_orphan_gets_a_row_that_erases_it) {
  const auto key = new_key();
  must(store().adopt_orphan(key));
  must(store().adopt_orphan(key));
  const auto one = lease_one();
  EXPECT_EQ(one.kind, task_kind::erase);
  EXPECT_EQ(one.file.key, key);
  must(store().complete_tasks({{one, {}}}));
  EXPECT_FALSE(row(key));
}

TEST_P(tasks, a_key_that_has_a_row_is_no_orphan) {
  const auto who = find(add(somebody(), 1));
  do_due_tasks();
  must(store().adopt_orphan(who.files[0].key));
  EXPECT_TRUE(lease_all().empty());
  EXPECT_EQ(find(who.id).files.size(), 1u);
}

TEST_P(tasks, rows_owe_what_their_state_says) {
  const auto who = find(add(somebody(), 1));
  do_due_tasks();
  must(store().owe_tasks({who.files[0].id, file_id{12345}}));
  const auto one = lease_one();
  EXPECT_EQ(one.kind, task_kind::index);
  must(store().owe_tasks({who.files[0].id}));
  must(store().complete_tasks({{one, {}}}));
  EXPECT_EQ(lease_one().kind, task_kind::index) << "owed again while it was being done";
}

TEST_P(tasks, owing_leaves_uploads_and_erases_as_they_are) {
  const auto who = find(add(somebody(), 1));
  do_due_tasks();
  must(store().delete_file(who.files[0].id));
  const auto erase = lease_one();
  const auto upload = begin_file(new_lease());
  must(store().owe_tasks({upload, who.files[0].id}));
  EXPECT_EQ(must(store().task_stats()).owed, 2);
  EXPECT_EQ(must(store().next_task_due()), lease_time);
  must(store().complete_tasks({{erase, {}}}));
  EXPECT_FALSE(row(who.files[0].key));
}

INSTANTIATE_TEST_SUITE_P(records, tasks, testing::ValuesIn(records_backends()), name_of);

}  // namespace
}  // namespace dossier::contract
