// Submitting with a store failing at operation 0, 1, 2, …: in each way a store can fail, the invariants hold.
#include <gtest/gtest.h>

#include "fakes/memory_source.h"
#include "faults/world.h"

namespace dossier {
namespace {

using base::error_code;

const std::vector<upload> two_files = {{"photo.png", "\x89PNG\r\n\x1a\n" + some_bytes(70'000, 1)},
                                       {"letter.txt", "Dear Anna"}};

// I6: a person who was not acknowledged is wholly there or wholly gone.
void expect_whole_or_gone(world& w) {
  const auto all = w.everybody();
  ASSERT_LE(all.size(), 1u);
  if (all.size() == 1) w.expect_whole(all[0].id, anna, two_files);
  EXPECT_EQ(w.objects_there().size(), all.size() * two_files.size());
}

// After a yes the person must be there. After a no there must be none, unless the answer says that nobody can
// know.
void expect_told_the_truth(const base::result<domain::submission_outcome>& outcome, bool kept) {
  if (outcome) {
    EXPECT_TRUE(kept) << "yes, and nothing is there";
    EXPECT_FALSE(outcome->unread);
    return;
  }
  if (!kept) return;
  EXPECT_TRUE(outcome.error().may_have_happened) << "no, and it is there: " << outcome.error().message;
  EXPECT_EQ(outcome.error().code, error_code::unavailable);
  EXPECT_TRUE(outcome.error().message.starts_with("It may be stored")) << outcome.error().message;
}

TEST(submission_faults, a_submission_is_acknowledged_and_whole_or_wholly_gone) {
  at_every_operation([] {
    auto outcome = std::make_shared<base::result<domain::submission_outcome>>();
    return fault_scenario{
        .prepare = [](world&) {},
        .attempt = [outcome](world& w) { *outcome = w.submit(anna_draft, two_files); },
        .judge =
            [outcome](world& w) {
              w.recover();
              w.expect_in_step();
              if (*outcome) w.expect_whole((*outcome)->person.id, anna, two_files);
              expect_whole_or_gone(w);
              expect_told_the_truth(*outcome, !w.everybody().empty());
            },
    };
  });
}

TEST(submission_faults, the_same_after_the_process_died) {
  at_every_operation([] {
    auto outcome = std::make_shared<base::result<domain::submission_outcome>>();
    return fault_scenario{
        .prepare = [](world&) {},
        .attempt = [outcome](world& w) { *outcome = w.submit(anna_draft, two_files); },
        .judge =
            [outcome](world& w) {
              w.restart();
              w.recover();
              w.expect_in_step();
              if (*outcome) w.expect_whole((*outcome)->person.id, anna, two_files);
              expect_whole_or_gone(w);
              expect_told_the_truth(*outcome, !w.everybody().empty());
            },
    };
  });
}

TEST(submission_faults, a_key_makes_one_record_however_often_it_is_sent) {
  at_every_operation([] {
    return fault_scenario{
        .prepare = [](world&) {},
        .attempt = [](world& w) { (void)w.submit(anna_draft, two_files, "key-1"); },
        .judge =
            [](world& w) {
              w.restart();
              w.plan.clear();
              // A dead node's claim of a key lasts until its lease ends; then the client's next try works.
              auto again = w.submit(anna_draft, two_files, "key-1");
              if (!again) {
                EXPECT_EQ(again.error().code, error_code::conflict) << again.error().message;
                EXPECT_TRUE(again.error().retry_after.has_value());
                w.clock.advance(std::chrono::seconds(60));
                again = w.submit(anna_draft, two_files, "key-1");
              }
              ASSERT_TRUE(again) << again.error().message;
              w.recover();
              w.expect_in_step();
              w.expect_whole(again->person.id, anna, two_files);
              EXPECT_EQ(w.everybody().size(), 1u);
              EXPECT_EQ(w.objects_there().size(), two_files.size());
            },
    };
  });
}

TEST(submission_faults, a_submission_without_files_is_made_once) {
  at_every_operation([] {
    auto outcome = std::make_shared<base::result<domain::submission_outcome>>();
    return fault_scenario{
        .prepare = [](world&) {},
        .attempt = [outcome](world& w) { *outcome = w.submit(anna_draft, {}); },
        .judge =
            [outcome](world& w) {
              w.recover();
              w.expect_in_step();
              EXPECT_LE(w.everybody().size(), 1u);
              expect_told_the_truth(*outcome, !w.everybody().empty());
            },
    };
  });
}

TEST(submission_faults, files_are_added_whole_or_not_at_all) {
  at_every_operation([] {
    auto outcome = std::make_shared<base::result<domain::submission_outcome>>();
    auto id = std::make_shared<domain::person_id>();
    const std::vector<upload> more = {{"more.bin", some_bytes(40'000, 7)}};
    return fault_scenario{
        .prepare =
            [id](world& w) {
              *id = w.submit(anna_draft, two_files)->person.id;
              w.recover();
            },
        .attempt = [outcome, id, more](world& w) { *outcome = w.submit({}, more, {}, *id); },
        .judge =
            [outcome, id, more](world& w) {
              w.recover();
              w.expect_in_step();
              auto all = two_files;
              const bool added = w.everybody()[0].files.size() == 3;
              if (added) all.push_back(more[0]);
              expect_told_the_truth(*outcome, added);
              w.expect_whole(*id, anna, all);
            },
    };
  });
}

TEST(submission_faults, a_repeated_submission_never_says_no_to_what_is_known_to_be_there) {
  at_every_operation([] {
    auto outcome = std::make_shared<base::result<domain::submission_outcome>>();
    return fault_scenario{
        .prepare =
            [](world& w) {
              ASSERT_TRUE(w.submit(anna_draft, two_files, "key-1"));
              w.recover();
            },
        .attempt = [outcome](world& w) { *outcome = w.submit(anna_draft, two_files, "key-1"); },
        .judge =
            [outcome](world& w) {
              const auto where = w.plan.where();
              w.recover();
              w.expect_in_step();
              expect_whole_or_gone(w);
              // As long as the records have not answered, it is not known whether the key was used.
              if (where == "records.begin_file") {
                EXPECT_FALSE(*outcome);
                return;
              }
              ASSERT_TRUE(*outcome) << (*outcome).error().message;
              EXPECT_TRUE((*outcome)->repeated);
              EXPECT_EQ((*outcome)->person.id, w.everybody().at(0).id);
              EXPECT_EQ((*outcome)->unread.has_value(), where == "records.find_person");
            },
    };
  });
}

}  // namespace
}  // namespace dossier
