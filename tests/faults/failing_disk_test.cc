// Submitting while the disk of the records begins to fail in the middle of a commit.
#include <gtest/gtest.h>

#include "fakes/details.h"
#include "fakes/failing_disk.h"
#include "faults/world.h"

namespace dossier {
namespace {

using base::error_code;

const std::vector<upload> one_file = {{"letter.txt", "Dear Anna"}};

class on_a_failing_disk : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_FALSE(chosen_mix().mysql) << "for records in SQLite";
    w.emplace();
  }

  fakes::failing_disk disk;
  std::optional<world> w;  // destroyed before the disk
};

// begin_file takes one sync, the commit the next.
base::result<domain::submission_outcome> submit_with_failing_commit(world& w, int syncs, std::string key,
                                                                    std::vector<upload> files) {
  fakes::failing_disk::fail_syncs(syncs);
  auto outcome = w.submit(anna_draft, std::move(files), std::move(key));
  fakes::failing_disk::fail_syncs(0);
  return outcome;
}

TEST_F(on_a_failing_disk, a_commit_that_fails_once_is_asked_for_again_and_is_a_yes) {
  const auto made = submit_with_failing_commit(*w, 1, {}, {});
  EXPECT_EQ(fakes::failing_disk::failed(), 1);
  ASSERT_TRUE(made) << made.error().message;
  w->restart();
  w->recover();
  w->expect_in_step();
  ASSERT_EQ(w->everybody().size(), 1u);
  w->expect_whole(made->person.id, anna, {});
}

TEST_F(on_a_failing_disk, a_commit_that_goes_on_failing_may_be_stored_and_the_same_key_stores_it_once) {
  const auto open = submit_with_failing_commit(*w, 100, "key-1", {});
  ASSERT_FALSE(open);
  EXPECT_EQ(open.error().code, error_code::unavailable);
  EXPECT_TRUE(open.error().may_have_happened);
  EXPECT_NE(open.error().message.find("same key"), std::string::npos);
  w->restart();
  w->clock.advance(std::chrono::seconds(60));
  const auto again = w->submit(anna_draft, {}, "key-1");
  ASSERT_TRUE(again) << again.error().message;
  w->recover();
  w->expect_in_step();
  EXPECT_EQ(w->everybody().size(), 1u);
}

TEST_F(on_a_failing_disk, without_a_key_it_says_to_look_first) {
  const auto open = submit_with_failing_commit(*w, 100, {}, {});
  ASSERT_FALSE(open);
  EXPECT_TRUE(open.error().may_have_happened);
  EXPECT_NE(open.error().message.find("Look whether it is there"), std::string::npos);
}

TEST_F(on_a_failing_disk, a_file_that_could_not_begin_is_a_no) {
  const auto refused = submit_with_failing_commit(*w, 100, "key-1", one_file);
  ASSERT_FALSE(refused);
  EXPECT_FALSE(refused.error().may_have_happened);
  w->recover();
  w->expect_in_step();
  EXPECT_TRUE(w->everybody().empty());
}

TEST_F(on_a_failing_disk, a_change_whose_commit_fails_may_have_been_made) {
  const auto made = w->submit(anna_draft, one_file);
  ASSERT_TRUE(made);
  fakes::failing_disk::fail_syncs(100);
  const auto edited = fakes::run_sync(w->people->edit(
      made->person.id, fakes::typed{.name = "Ann", .location = {}, .age = {}, .technology = {}}, {}, {}));
  const auto removed = fakes::run_sync(w->people->remove_file(made->person.files[0].id, {}));
  const auto deleted = fakes::run_sync(w->people->remove(made->person.id, {}, {}));
  fakes::failing_disk::fail_syncs(0);
  ASSERT_FALSE(edited);
  EXPECT_TRUE(edited.error().may_have_happened);
  ASSERT_FALSE(removed);
  EXPECT_TRUE(removed.error().may_have_happened);
  ASSERT_FALSE(deleted);
  EXPECT_TRUE(deleted.error().may_have_happened);
  w->recover();
  w->expect_in_step();
}

}  // namespace
}  // namespace dossier
