// What keeps an upload alive, and what no longer does.
#include "contract/records_contract.h"

namespace dossier::contract {
namespace {

using domain::file_id;
using domain::file_state;
using domain::task_kind;

class leases : public records_contract {};

TEST_P(leases, renewing_extends_a_lease_and_puts_off_its_reap) {
  const auto lease = new_lease();
  const auto id = begin_file(lease);
  let_pass(10s);
  must(store().renew_leases({lease}, lease_time));
  EXPECT_EQ(must(store().next_task_due()), lease_time);
  let_pass(10s);
  EXPECT_TRUE(lease_all().empty());
  EXPECT_EQ(find(commit(commit_request(lease, somebody(), {id}))).files.size(), 1u);
}

TEST_P(leases, a_lease_that_has_ended_stays_ended) {
  const auto lease = new_lease();
  const auto id = begin_file(lease);
  let_pass(lease_time);
  must(store().renew_leases({lease}, lease_time));
  EXPECT_EQ(lease_all().size(), 1u);
  EXPECT_EQ(code_of(store().commit_submission(commit_request(lease, somebody(), {id}))),
            error_code::conflict);
}

TEST_P(leases, renewing_one_lease_leaves_others_alone) {
  const auto lease = new_lease();
  begin_file(lease);
  const auto other = begin_file(new_lease());
  let_pass(10s);
  must(store().renew_leases({lease, {"nobody's"}}, lease_time));
  let_pass(5s);
  const auto leased = lease_all();
  ASSERT_EQ(leased.size(), 1u);
  EXPECT_EQ(leased[0].file.id, other);
}

// More than a store may take at once, with claims and without, of one file and of several.
TEST_P(leases, renewing_many_leases_extends_each_of_them) {
  std::vector<domain::lease_token> all{new_lease()};
  const auto ended = begin_file(all[0]);
  let_pass(lease_time);
  const auto other = begin_file(new_lease());
  std::vector<file_id> files;
  for (int i = 0; i < 150; ++i) {
    all.push_back(new_lease());
    files.push_back(
        std::get<file_id>(must(store().begin_file(claiming(all.back(), "k" + std::to_string(i))))));
    if (i < 20) begin_file(all.back());
  }
  let_pass(10s);
  must(store().renew_leases(all, lease_time));
  let_pass(10s);
  std::vector<file_id> reaped;
  for (const auto& one : lease_all()) reaped.push_back(one.file.id);
  EXPECT_THAT(reaped, testing::UnorderedElementsAre(ended, other));
  for (const std::size_t i : {0, 75, 149}) {
    const auto key = "k" + std::to_string(i);
    EXPECT_EQ(code_of(store().begin_file(claiming(new_lease(), key))), error_code::conflict);
    commit(committing(all[i + 1], key, {files[i]}));
  }
  let_pass(5s);
  EXPECT_EQ(lease_all().size(), 150u + 20u)
      << "three indexes, and the reaps of all that was not renewed again";
}

TEST_P(leases, renewing_leaves_what_was_committed_or_given_up_alone) {
  const auto kept = new_lease();
  const auto given_up = new_lease();
  const auto id = begin_file(kept);
  commit(committing(kept, "k", {id}));
  begin_file(given_up);
  must(store().abandon_submission(given_up));
  must(store().renew_leases({kept, given_up}, lease_time));
  const auto owed = lease_all();
  ASSERT_EQ(owed.size(), 2u) << "both are due at once still";
  EXPECT_EQ(row(id).state, file_state::stored);
  EXPECT_EQ(row(id).owed, task_kind::index);
}

INSTANTIATE_TEST_SUITE_P(records, leases, testing::ValuesIn(records_backends()), name_of);

}  // namespace
}  // namespace dossier::contract
