// Idempotency-Keys, and records that are brought over from elsewhere, whose keys are never forgotten.
#include "contract/records_contract.h"
#include "fakes/details.h"

namespace dossier::contract {
namespace {

using domain::earlier_submission;
using domain::file_id;
using domain::person_id;

class keys : public records_contract {};

TEST_P(keys, committing_again_with_a_key_answers_the_same_person) {
  const auto lease = new_lease();
  const auto file = std::get<file_id>(must(store().begin_file(claiming(lease, "k"))));
  const auto request = committing(lease, "k", {file});
  const auto id = commit(request);
  EXPECT_EQ(commit(request), id);
}

TEST_P(keys, a_used_key_answers_what_it_came_to) {
  const auto lease = new_lease();
  const auto file = std::get<file_id>(must(store().begin_file(claiming(lease, "k"))));
  const auto id = commit(committing(lease, "k", {file}));
  const auto rows = must(store().scan_files({}, 100)).size();

  const auto other = new_lease();
  const auto begun = must(store().begin_file(claiming(other, "k")));
  ASSERT_TRUE(std::holds_alternative<earlier_submission>(begun));
  EXPECT_EQ(std::get<earlier_submission>(begun).person, id);
  EXPECT_EQ(std::get<earlier_submission>(begun).fingerprint, digest("everything"));
  EXPECT_EQ(must(store().scan_files({}, 100)).size(), rows) << "nothing was inserted";

  const auto committed = must(store().commit_submission(committing(other, "k")));
  ASSERT_TRUE(std::holds_alternative<earlier_submission>(committed));
  EXPECT_EQ(std::get<earlier_submission>(committed).person, id);
  EXPECT_EQ(must(store().list_people({})).items.size(), 1u);
}

TEST_P(keys, a_key_in_flight_is_a_conflict_that_says_when_to_try_again) {
  must(store().begin_file(claiming(new_lease(), "k")));
  let_pass(5s);
  const auto begun = run(store().begin_file(claiming(new_lease(), "k")));
  ASSERT_FALSE(begun);
  EXPECT_EQ(begun.error().code, error_code::conflict);
  EXPECT_EQ(begun.error().retry_after, 10s);
  EXPECT_EQ(must(store().scan_files({}, 100)).size(), 1u);
  EXPECT_EQ(code_of(store().commit_submission(committing(new_lease(), "k"))), error_code::conflict);
}

TEST_P(keys, one_lease_claims_a_key_for_all_its_files) {
  const auto lease = new_lease();
  const auto first = std::get<file_id>(must(store().begin_file(claiming(lease, "k"))));
  const auto second = std::get<file_id>(must(store().begin_file(claiming(lease, "k"))));
  EXPECT_EQ(find(commit(committing(lease, "k", {first, second}))).files.size(), 2u);
}

TEST_P(keys, a_claim_whose_lease_ended_may_be_taken_over) {
  const auto lease = new_lease();
  const auto file = std::get<file_id>(must(store().begin_file(claiming(lease, "k"))));
  let_pass(lease_time);
  const auto other = new_lease();
  const auto taken = std::get<file_id>(must(store().begin_file(claiming(other, "k"))));
  EXPECT_EQ(code_of(store().commit_submission(committing(lease, "k", {file}))), error_code::conflict);
  commit(committing(other, "k", {taken}));
}

TEST_P(keys, renewing_keeps_the_claim_too) {
  const auto lease = new_lease();
  must(store().begin_file(claiming(lease, "k")));
  let_pass(10s);
  must(store().renew_leases({lease}, lease_time));
  let_pass(10s);
  EXPECT_EQ(code_of(store().begin_file(claiming(new_lease(), "k"))), error_code::conflict);
}

TEST_P(keys, a_key_belongs_to_its_scope) {
  commit(committing(new_lease(), "k"));
  auto elsewhere = claiming(new_lease(), "k");
  elsewhere.claim->scope = "people/1/files";
  EXPECT_TRUE(std::holds_alternative<file_id>(must(store().begin_file(elsewhere))));
}

TEST_P(keys, keys_differ_in_case_and_trailing_spaces) {
  const auto first = commit(committing(new_lease(), "Key"));
  for (const auto* other : {"key", "Key ", "KEY", "Kéy"}) {
    const auto second = must(store().commit_submission(committing(new_lease(), other)));
    ASSERT_TRUE(std::holds_alternative<domain::person>(second)) << other;
    EXPECT_NE(std::get<domain::person>(second).id, first) << other;
  }
}

TEST_P(keys, a_key_claimed_in_the_commit_alone_is_used_once) {
  const auto first = commit(committing(new_lease(), "k"));
  const auto again = must(store().commit_submission(committing(new_lease(), "k")));
  ASSERT_TRUE(std::holds_alternative<earlier_submission>(again));
  EXPECT_EQ(std::get<earlier_submission>(again).person, first);
}

TEST_P(keys, a_failed_commit_does_not_use_the_key) {
  const auto lease = new_lease();
  const auto file = std::get<file_id>(must(store().begin_file(claiming(lease, "k"))));
  let_pass(lease_time);
  EXPECT_EQ(code_of(store().commit_submission(committing(lease, "k", {file}))), error_code::conflict);
  EXPECT_TRUE(std::holds_alternative<file_id>(must(store().begin_file(claiming(new_lease(), "k")))));
}

TEST_P(keys, forgets_old_keys_and_ended_claims_only) {
  commit(committing(new_lease(), "old"));
  must(store().begin_file(claiming(new_lease(), "ended")));
  let_pass(1h);
  commit(committing(new_lease(), "young"));
  must(store().begin_file(claiming(new_lease(), "living")));
  must(store().forget_keys(30min));
  EXPECT_TRUE(std::holds_alternative<domain::person>(
      must(store().commit_submission(committing(new_lease(), "old")))));
  EXPECT_TRUE(std::holds_alternative<file_id>(must(store().begin_file(claiming(new_lease(), "ended")))));
  EXPECT_TRUE(std::holds_alternative<earlier_submission>(
      must(store().commit_submission(committing(new_lease(), "young")))));
  EXPECT_EQ(code_of(store().begin_file(claiming(new_lease(), "living"))), error_code::conflict);
}

TEST_P(keys, forgets_thousands_of_keys_some_at_a_time_until_none_are_left) {
  constexpr int many = 1'300;
  for (int i = 0; i < many; ++i) {
    commit(committing(new_lease(), "old" + std::to_string(i)));
    must(store().begin_file(claiming(new_lease(), "ended" + std::to_string(i))));
    let_pass(1ms);
  }
  let_pass(25h);
  commit(committing(new_lease(), "young"));
  int calls = 1;
  while (must(store().forget_keys(24h))) ++calls;
  EXPECT_GE(calls, 3) << "that many in one transaction keep others waiting";
  EXPECT_LE(calls, 10);
  for (const int i : {0, 1, many / 2, many - 1}) {
    EXPECT_EQ(must(store().find_submission({.scope = "people", .key = "old" + std::to_string(i)})),
              std::nullopt);
  }
  EXPECT_TRUE(std::holds_alternative<earlier_submission>(
      must(store().commit_submission(committing(new_lease(), "young")))));
}

class importing : public records_contract {
 protected:
  domain::commit_request importing_as(std::int64_t id, std::string name = "Anna Berg") {
    auto request = commit_request(new_lease(), somebody(std::move(name)), {});
    request.new_id = person_id{id};
    request.claim = {.scope = std::string(domain::import_scope), .key = "person/" + std::to_string(id)};
    return request;
  }
};

TEST_P(importing, gives_a_new_person_the_id_that_is_asked_for_and_goes_on_after_the_largest) {
  const auto before = commit(commit_request(new_lease(), somebody(), {}));
  // Relative ids, because a database that is used again goes on counting from the test before.
  const person_id larger{before.value + 1'000};
  const person_id smaller{before.value + 700};
  EXPECT_EQ(commit(importing_as(larger.value)), larger);
  EXPECT_EQ(commit(importing_as(smaller.value, "Zoë 😀")), smaller);
  EXPECT_EQ(find(smaller).details.name(), "Zoë 😀");
  EXPECT_EQ(commit(commit_request(new_lease(), somebody(), {})), person_id{larger.value + 1});
}

TEST_P(importing, refuses_an_id_that_somebody_has_and_keeps_nothing) {
  const auto before = commit(commit_request(new_lease(), somebody("First"), {}));
  const auto request = importing_as(before.value, "Second");
  EXPECT_EQ(code_of(store().commit_submission(request)), error_code::conflict);
  EXPECT_EQ(find(before).details.name(), "First");
  EXPECT_EQ(must(store().find_submission(*request.claim)), std::nullopt);
}

TEST_P(importing, a_submission_is_found_by_its_key_once_it_is_committed) {
  auto request = importing_as(7);
  request.fingerprint = digest("all of it");
  EXPECT_EQ(must(store().find_submission(*request.claim)), std::nullopt);
  commit(request);
  const auto found = must(store().find_submission(*request.claim));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->person, person_id{7});
  EXPECT_EQ(found->fingerprint, digest("all of it"));
  auto claimed = begin_request(new_lease());
  claimed.claim = {.scope = "import", .key = "file/1"};
  must(store().begin_file(claimed));
  EXPECT_EQ(must(store().find_submission(*claimed.claim)), std::nullopt);
}

TEST_P(importing, what_was_brought_over_is_never_forgotten_also_when_the_person_is_deleted) {
  commit(importing_as(7));
  must(store().delete_person({7}, {}));
  let_pass(24h * 400);
  must(store().forget_keys(24h));
  EXPECT_TRUE(std::holds_alternative<earlier_submission>(must(store().commit_submission(importing_as(7)))));
  EXPECT_EQ(code_of(store().find_person({7})), error_code::not_found);
}

INSTANTIATE_TEST_SUITE_P(records, importing, testing::ValuesIn(records_backends()), name_of);
TEST_P(keys, receipts_lead_to_what_was_submitted_for_a_while) {
  const auto id = add(somebody());
  must(store().add_receipt(id, digest("receipt"), 1h));
  EXPECT_FALSE(must(store().find_receipt(digest("other"))));
  auto found = must(store().find_receipt(digest("receipt")));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->person, id);
  EXPECT_TRUE(found->unchanged);
  must(store().update_person(id, somebody("Anna Dahl"), {}));
  found = must(store().find_receipt(digest("receipt")));
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->unchanged);
  must(store().delete_person(id, {}));
  found = must(store().find_receipt(digest("receipt")));
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->unchanged);
  let_pass(40min);
  must(store().add_receipt(id, digest("again"), 1h));  // the same submission, sent again
  EXPECT_FALSE(must(store().find_receipt(digest("receipt"))));
  EXPECT_TRUE(must(store().find_receipt(digest("again"))));
  let_pass(40min);
  EXPECT_FALSE(must(store().find_receipt(digest("again")))) << "it ends when the first would have ended";
  must(store().forget_keys(24h));
}

INSTANTIATE_TEST_SUITE_P(records, keys, testing::ValuesIn(records_backends()), name_of);

}  // namespace
}  // namespace dossier::contract
