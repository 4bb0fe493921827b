#include "contract/records_contract.h"

namespace dossier::contract {
namespace {

using domain::earlier_submission;
using domain::file_id;
using domain::file_state;
using domain::person_id;
using domain::task_kind;

class submitting : public records_contract {};

TEST_P(submitting, begins_a_file_as_uploading_with_a_reap_due_when_its_lease_ends) {
  const auto id = begin_file(new_lease(), "a.png");
  const auto one = row(id);
  EXPECT_EQ(one.state, file_state::uploading);
  EXPECT_EQ(one.file.name, "a.png");
  EXPECT_EQ(one.file.person, person_id{0});
  EXPECT_EQ(one.owed, task_kind::reap);
  EXPECT_FALSE(one.overdue);
  EXPECT_EQ(must(store().next_task_due()), lease_time);
  EXPECT_TRUE(lease_all().empty());
  let_pass(lease_time);
  EXPECT_EQ(lease_all().size(), 1u);
}

TEST_P(submitting, an_uploading_file_is_not_found) {
  const auto id = begin_file(new_lease());
  EXPECT_EQ(code_of(store().find_file(id)), error_code::not_found);
}

TEST_P(submitting, commits_the_person_and_the_files_and_owes_an_index_for_each) {
  const auto lease = new_lease();
  const auto first = begin_file(lease, "a.png");
  const auto second = begin_file(lease, "b.png");
  let_pass(1s);
  const auto who = find(commit(commit_request(lease, somebody("Zoë", "Köln", 41, "F#"), {first, second})));
  EXPECT_EQ(who.details, somebody("Zoë", "Köln", 41, "F#"));
  EXPECT_EQ(who.version, 1);
  EXPECT_EQ(who.created_at, who.updated_at);
  ASSERT_EQ(who.files.size(), 2u);
  EXPECT_EQ(who.files[0].name, "a.png");
  EXPECT_EQ(who.files[0].person, who.id);
  EXPECT_EQ(who.files[0].size, 4u);
  EXPECT_EQ(who.files[0].media_type, "image/png");
  EXPECT_EQ(who.files[0].digest, digest("body"));
  EXPECT_EQ(who.files[1].name, "b.png");
  const auto leased = lease_all();
  ASSERT_EQ(leased.size(), 2u);
  EXPECT_EQ(leased[0].kind, task_kind::index);
  EXPECT_EQ(leased[0].author, "Zoë");
  EXPECT_EQ(leased[0].file.key, who.files[0].key);
}

TEST_P(submitting, gives_each_person_a_larger_number_and_never_one_twice) {
  const auto first = add(somebody());
  const auto second = add(somebody());
  EXPECT_LT(first, second);
  must(store().delete_person(second, {}));
  EXPECT_LT(second, add(somebody()));
}

TEST_P(submitting, adds_files_to_a_person) {
  const auto id = add(somebody());
  const auto lease = new_lease();
  domain::commit_request request;
  request.lease = lease;
  request.lease_for = lease_time;
  request.person = id;
  request.files = {stored(begin_file(lease))};
  EXPECT_EQ(commit(request), id);
  const auto who = find(id);
  EXPECT_EQ(who.files.size(), 1u);
  EXPECT_EQ(who.version, 2);
  EXPECT_EQ(who.details, somebody());
}

TEST_P(submitting, refuses_files_for_nobody_and_keeps_nothing) {
  const auto lease = new_lease();
  const auto id = begin_file(lease);
  domain::commit_request request;
  request.lease = lease;
  request.lease_for = lease_time;
  request.person = person_id{77};
  request.files = {stored(id)};
  EXPECT_EQ(code_of(store().commit_submission(request)), error_code::not_found);
  EXPECT_EQ(row(id).state, file_state::uploading);
  EXPECT_EQ(row(id).owed, task_kind::reap);
}

TEST_P(submitting, refuses_to_commit_after_the_lease_has_ended) {
  const auto lease = new_lease();
  const auto first = begin_file(lease);
  let_pass(10s);
  const auto second = begin_file(lease);
  let_pass(5s);  // the first one's lease ends now
  EXPECT_EQ(code_of(store().commit_submission(commit_request(lease, somebody(), {second, first}))),
            error_code::conflict);
  EXPECT_TRUE(must(store().list_people({})).items.empty());
  EXPECT_EQ(row(second).state, file_state::uploading);
}

TEST_P(submitting, commits_within_the_last_moment_of_the_lease) {
  const auto lease = new_lease();
  const auto id = begin_file(lease);
  let_pass(lease_time - 1ms);
  EXPECT_EQ(find(commit(commit_request(lease, somebody(), {id}))).files.size(), 1u);
}

TEST_P(submitting, refuses_to_commit_the_file_of_another_lease) {
  const auto id = begin_file(new_lease());
  EXPECT_EQ(code_of(store().commit_submission(commit_request(new_lease(), somebody(), {id}))),
            error_code::conflict);
  EXPECT_EQ(row(id).state, file_state::uploading);
}

TEST_P(submitting, refuses_to_commit_a_file_that_is_not_there) {
  EXPECT_EQ(code_of(store().commit_submission(commit_request(new_lease(), somebody(), {file_id{999}}))),
            error_code::conflict);
}

// Also when the same commit is sent again: then it answers the person as it is by that time.
TEST_P(submitting, a_commit_answers_the_person_as_it_left_them) {
  const auto committed = [&](const domain::commit_request& request) {
    return std::get<domain::person>(must(store().commit_submission(request)));
  };
  const auto expect_as_found = [&](const domain::person& answered) {
    const auto found = find(answered.id);
    EXPECT_EQ(answered.details, found.details);
    EXPECT_EQ(answered.version, found.version);
    EXPECT_EQ(answered.created_at, found.created_at);
    EXPECT_EQ(answered.updated_at, found.updated_at);
    ASSERT_EQ(answered.files.size(), found.files.size());
    for (std::size_t i = 0; i < found.files.size(); ++i) {
      EXPECT_EQ(answered.files[i].id, found.files[i].id);
      EXPECT_EQ(answered.files[i].key, found.files[i].key);
      EXPECT_EQ(answered.files[i].name, found.files[i].name);
      EXPECT_EQ(answered.files[i].size, found.files[i].size);
      EXPECT_EQ(answered.files[i].media_type, found.files[i].media_type);
      EXPECT_EQ(answered.files[i].digest, found.files[i].digest);
      EXPECT_EQ(answered.files[i].person, found.id);
      EXPECT_EQ(answered.files[i].created_at, found.files[i].created_at);
    }
  };
  const auto lease = new_lease();
  const auto first =
      commit_request(lease, somebody("Zoë", "Köln", 41, "F#"), {begin_file(lease), begin_file(lease)});
  expect_as_found(committed(first));
  let_pass(1s);
  const auto other = new_lease();
  domain::commit_request more;
  more.lease = other;
  more.lease_for = lease_time;
  more.person = committed(first).id;
  more.files = {stored(begin_file(other))};
  const auto with_three = committed(more);
  EXPECT_EQ(with_three.files.size(), 3u);
  expect_as_found(with_three);
  expect_as_found(committed(first));
  expect_as_found(committed(more));
  expect_as_found(committed(commit_request(new_lease(), somebody())));
}

TEST_P(submitting, committing_again_after_the_person_was_deleted_answers_what_it_came_to) {
  const auto with_key = committing(new_lease(), "k");
  const auto without = commit_request(new_lease(), somebody());
  for (const auto& request : {with_key, without}) {
    const auto id = commit(request);
    must(store().delete_person(id, {}));
    const auto again = must(store().commit_submission(request));
    ASSERT_TRUE(std::holds_alternative<earlier_submission>(again));
    EXPECT_EQ(std::get<earlier_submission>(again).person, id);
  }
  EXPECT_TRUE(must(store().list_people({})).items.empty());
}

TEST_P(submitting, committing_again_answers_the_same_person) {
  const auto lease = new_lease();
  const auto request = commit_request(lease, somebody(), {begin_file(lease)});
  const auto id = commit(request);
  EXPECT_EQ(commit(request), id);
  let_pass(2 * lease_time);
  EXPECT_EQ(commit(request), id);
  EXPECT_EQ(must(store().list_people({})).items.size(), 1u);
  EXPECT_EQ(find(id).version, 1);
}

TEST_P(submitting, committing_again_without_files_answers_the_same_person) {
  const auto request = commit_request(new_lease(), somebody());
  const auto id = commit(request);
  EXPECT_EQ(commit(request), id);
  EXPECT_NE(commit(commit_request(new_lease(), somebody())), id);
}

TEST_P(submitting, committing_added_files_again_adds_them_once) {
  const auto id = add(somebody(), 1);
  const auto lease = new_lease();
  domain::commit_request request;
  request.lease = lease;
  request.lease_for = lease_time;
  request.person = id;
  request.files = {stored(begin_file(lease))};
  EXPECT_EQ(commit(request), id);
  EXPECT_EQ(commit(request), id);
  EXPECT_EQ(find(id).files.size(), 2u);
  EXPECT_EQ(find(id).version, 2);
}

TEST_P(submitting, abandoning_turns_uploads_into_erases_that_are_due_now) {
  const auto lease = new_lease();
  const auto id = std::get<file_id>(must(store().begin_file(claiming(lease, "k"))));
  must(store().abandon_submission(lease));
  EXPECT_EQ(row(id).state, file_state::deleting);
  const auto leased = lease_all();
  ASSERT_EQ(leased.size(), 1u);
  EXPECT_EQ(leased[0].kind, task_kind::erase);
  EXPECT_TRUE(std::holds_alternative<file_id>(must(store().begin_file(claiming(new_lease(), "k")))))
      << "the claim is gone";
  EXPECT_EQ(code_of(store().commit_submission(commit_request(lease, somebody(), {id}))),
            error_code::conflict);
}

TEST_P(submitting, abandoning_does_nothing_to_what_was_committed) {
  const auto lease = new_lease();
  const auto file = std::get<file_id>(must(store().begin_file(claiming(lease, "k"))));
  const auto id = commit(committing(lease, "k", {file}));
  must(store().abandon_submission(lease));
  EXPECT_EQ(find(id).files.size(), 1u);
  EXPECT_TRUE(
      std::holds_alternative<earlier_submission>(must(store().begin_file(claiming(new_lease(), "k")))));
}

TEST_P(submitting, abandoning_twice_or_nothing_is_no_error) {
  const auto lease = new_lease();
  begin_file(lease);
  must(store().abandon_submission(lease));
  must(store().abandon_submission(lease));
  must(store().abandon_submission(new_lease()));
}

TEST_P(submitting, have_an_identity_that_stays) {
  const auto who = must(store().identity());
  EXPECT_TRUE(domain::is_identity(who.value)) << who.value;
  EXPECT_EQ(must(store().identity()), who);
  const auto others = GetParam().make();
  EXPECT_NE(run(others->store().identity()).value(), who);
}

TEST_P(submitting, rows_are_found_together_whatever_their_state_and_those_without_one_are_left_out) {
  std::vector<domain::object_key> keys;
  for (int i = 0; i < 150; ++i) {
    auto request = begin_request(new_lease(), "file" + std::to_string(i));
    keys.push_back(request.key);
    must(store().begin_file(request));
    keys.push_back(new_key());
  }
  const auto rows = must(store().find_rows(keys));
  EXPECT_EQ(rows.size(), 150u);
  std::set<domain::object_key> found;
  for (const auto& row : rows) {
    EXPECT_EQ(row.state, domain::file_state::uploading);
    found.insert(row.file.key);
  }
  EXPECT_EQ(found.size(), 150u);
  EXPECT_TRUE(must(store().find_rows({})).empty());
}

TEST_P(submitting, a_person_has_no_more_files_than_most_files_whoever_comes_at_the_same_time) {
  const auto lease = new_lease();
  auto request = commit_request(lease, somebody(), {begin_file(lease, "a"), begin_file(lease, "b")});
  request.most_files = 3;
  const auto owner = commit(request);
  // Two files, whose bytes are there already, and room for one of them.
  std::vector<domain::commit_request> both;
  for (int i = 0; i < 2; ++i) {
    const auto more = new_lease();
    both.push_back(commit_request(more, {}, {begin_file(more, "more")}));
    both.back().details.reset();
    both.back().person = owner;
    both.back().most_files = 3;
  }
  EXPECT_EQ(commit(both[0]), owner);
  const auto refused = run(store().commit_submission(both[1]));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, error_code::invalid);
  ASSERT_EQ(refused.error().fields.size(), 1u);
  EXPECT_EQ(refused.error().fields[0].field, "file_name");
  EXPECT_EQ(find(owner).files.size(), 3u);
  must(store().delete_file(find(owner).files[0].id));
  EXPECT_EQ(commit(both[1]), owner) << "there is room again";
}

TEST_P(submitting, keeps_hostile_text_as_it_is) {
  const std::string hostile[] = {"Robert'); DROP TABLE person;--",
                                 "100%_\\",
                                 "<script>alert(1)</script>",
                                 "\"quoted\" `ticks`",
                                 "😀 𝒳 Ωμέγα",
                                 "نص عربي",
                                 "a\u0301\u200dz",
                                 std::string(800, 'x')};
  for (const auto& text : hostile) {
    const auto lease = new_lease();
    const auto file = begin_file(lease, text);
    const auto who = find(commit(commit_request(lease, somebody(text, text, 0, text), {file})));
    EXPECT_EQ(who.details, somebody(text, text, 0, text));
    EXPECT_EQ(who.files.at(0).name, text);
  }
}

TEST_P(submitting, keeps_sizes_beyond_four_gibibytes) {
  const auto lease = new_lease();
  auto request = commit_request(lease, somebody(), {begin_file(lease)});
  request.files[0].size = 5ULL << 40;
  EXPECT_EQ(find(commit(request)).files.at(0).size, 5ULL << 40);
}

INSTANTIATE_TEST_SUITE_P(records, submitting, testing::ValuesIn(records_backends()), name_of);

}  // namespace
}  // namespace dossier::contract
