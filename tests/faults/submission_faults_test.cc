// Submitting with a store failing at operation 0, 1, 2, …: in each way a store can fail, the invariants hold.
#include <gtest/gtest.h>

#include "fakes/memory_source.h"
#include "faults/world.h"

namespace dossier {
namespace {

using base::error_code;

const std::vector<upload> two_files = {{"photo.png", "\x89PNG\r\n\x1a\n" + some_bytes(70'000, 1)},
                                       {"letter.txt", "Dear Anna"}};

// I6: a person that was not acknowledged is whole, or there is none.
void expect_whole_or_gone(world& w) {
  const auto all = w.everybody();
  ASSERT_LE(all.size(), 1u);
  if (all.size() == 1) w.expect_whole(all[0].id, anna, two_files);
  EXPECT_EQ(w.objects_there().size(), all.size() * two_files.size());
}

// Yes: it is there, as the answer has it. No: it is not, unless the answer says that nobody can know.
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

TEST(SubmissionFaults, a_submission_is_acknowledged_and_whole_or_wholly_gone) {
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

TEST(SubmissionFaults, the_same_after_the_process_died) {
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

TEST(SubmissionFaults, a_key_makes_one_record_however_often_it_is_sent) {
  at_every_operation([] {
    return fault_scenario{
        .prepare = [](world&) {},
        .attempt = [](world& w) { (void)w.submit(anna_draft, two_files, "key-1"); },
        .judge =
            [](world& w) {
              w.restart();
              w.plan.clear();
              // A claim that died with its node holds until its lease ends; a client tries again.
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

TEST(SubmissionFaults, a_submission_without_files_is_made_once) {
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

TEST(SubmissionFaults, files_are_added_whole_or_not_at_all) {
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

TEST(SubmissionFaults, a_repeated_submission_never_says_no_to_what_is_known_to_be_there) {
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
              // Whether the key was used is not known before the records answered.
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

TEST(Submission, answers_the_person_as_it_was_committed) {
  world w;
  const auto made = w.submit(anna_draft, two_files);
  ASSERT_TRUE(made);
  const auto as_read = w.everybody().at(0);
  EXPECT_EQ(made->person.id, as_read.id);
  EXPECT_EQ(made->person.details, anna);
  EXPECT_EQ(made->person.created_at, as_read.created_at);
  EXPECT_EQ(made->person.version, 1);
  ASSERT_EQ(made->person.files.size(), 2u);
  EXPECT_EQ(made->person.files[1].id, as_read.files[1].id);
  const auto more = w.submit({}, {{"more.bin", "more"}}, {}, made->person.id);
  ASSERT_TRUE(more);
  EXPECT_EQ(more->person.version, w.everybody().at(0).version);
  ASSERT_EQ(more->person.files.size(), 3u);
  EXPECT_EQ(more->person.files[2].name, "more.bin");
}

TEST(Submission, a_key_whose_person_was_deleted_tells_of_it) {
  world w;
  const auto made = w.submit(anna_draft, two_files, "key-1");
  ASSERT_TRUE(made);
  const auto id = made->person.id;
  ASSERT_TRUE(w.submit({}, {{"more.bin", "more"}}, "key-2", id));
  ASSERT_TRUE(fakes::run_sync(w.people->remove(id, {})));
  w.recover();
  const auto number = "no. " + std::to_string(id.value);
  for (const auto& again :
       {w.submit(anna_draft, two_files, "key-1"), w.submit({}, {{"more.bin", "more"}}, "key-2", id),
        w.submit({}, {{"other.bin", "other"}}, "key-2", id), w.submit({}, {}, "key-2", id)}) {
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, error_code::gone);
    EXPECT_NE(again.error().message.find("key-"), std::string::npos) << again.error().message;
    EXPECT_NE(again.error().message.find(number), std::string::npos) << again.error().message;
    EXPECT_NE(again.error().message.find("deleted"), std::string::npos) << again.error().message;
  }
  EXPECT_EQ(w.submit({}, {{"more.bin", "more"}}, "key-3", id).error().code, error_code::not_found);
  EXPECT_EQ(w.submit({}, {{"more.bin", "more"}}, {}, id).error().code, error_code::not_found);
  EXPECT_TRUE(w.submit(anna_draft, two_files, "key-4"));
  w.recover();
  w.expect_in_step();
  EXPECT_EQ(w.objects_there().size(), 2u);
}

// --- Faults that come from the client's side.

TEST(Submission, a_broken_line_leaves_nothing) {
  world w;
  const bool done = fakes::run_sync([](world& inner) -> awaitable<bool> {
    auto submission = inner.intake->begin({});
    fakes::memory_source bytes(some_bytes(100'000, 3));
    bytes.fail_after(50'000, {error_code::malformed, "The line broke."});
    const auto added = co_await submission->add_file("a.bin", bytes);
    EXPECT_EQ(added.error().code, error_code::malformed);
    co_await submission->abandon();
    co_return true;
  }(w));
  ASSERT_TRUE(done);
  w.recover();
  w.expect_in_step();
  EXPECT_TRUE(w.objects_there().empty());
}

TEST(Submission, every_wrong_field_is_named_and_nothing_is_kept) {
  world w;
  const auto outcome =
      w.submit({.name = "", .location = "Oslo", .age = "200", .technology = "C++"}, two_files);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, error_code::invalid);
  EXPECT_EQ(outcome.error().fields.size(), 2u);
  w.recover();
  w.expect_in_step();
  EXPECT_TRUE(w.objects_there().empty());
}

TEST(Submission, the_same_key_with_other_content_is_refused_and_keeps_the_first) {
  world w;
  const auto first = w.submit(anna_draft, two_files, "key-1");
  ASSERT_TRUE(first);
  auto other = two_files;
  other[1].bytes += "!";
  const auto second = w.submit(anna_draft, other, "key-1");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, error_code::invalid);
  EXPECT_EQ(second.error().fields.at(0).field, "idempotency_key");
  const auto third = w.submit(anna_draft, two_files, "key-1");
  ASSERT_TRUE(third);
  EXPECT_TRUE(third->repeated);
  EXPECT_EQ(third->person.id, first->person.id);
  w.recover();
  w.expect_in_step();
  EXPECT_EQ(w.objects_there().size(), 2u);
}

TEST(Submission, a_key_is_free_again_after_a_refusal) {
  world w;
  EXPECT_FALSE(
      w.submit({.name = "", .location = "Oslo", .age = "41", .technology = "C++"}, two_files, "key-1"));
  EXPECT_TRUE(w.submit(anna_draft, two_files, "key-1"));
}

TEST(Submission, a_stalled_upload_is_fenced_after_its_lease) {
  world w;
  const bool done = fakes::run_sync([](world& inner) -> awaitable<bool> {
    auto submission = inner.intake->begin({});
    fakes::memory_source bytes(some_bytes(10'000, 3));
    EXPECT_TRUE(co_await submission->add_file("a.bin", bytes));
    inner.clock.advance(std::chrono::seconds(60));  // nobody renewed: the node was stopped
    EXPECT_TRUE(co_await inner.worker->run_due());
    const auto late = co_await submission->commit(anna_draft);
    EXPECT_FALSE(late);
    if (!late) EXPECT_EQ(late.error().code, error_code::conflict);
    co_await submission->abandon();
    co_return true;
  }(w));
  ASSERT_TRUE(done);
  w.recover();
  w.expect_in_step();
  EXPECT_TRUE(w.everybody().empty());
  EXPECT_TRUE(w.objects_there().empty());
}

TEST(Submission, a_late_write_of_a_stalled_node_is_erased_too) {
  world w;
  domain::object_key key;
  const bool done = fakes::run_sync([](world& inner, domain::object_key& stalled) -> awaitable<bool> {
    auto submission = inner.intake->begin({});
    fakes::memory_source bytes(some_bytes(10'000, 3));
    EXPECT_TRUE(co_await submission->add_file("a.bin", bytes));
    const auto listed = co_await inner.real.objects->list({}, 10);
    stalled = listed->at(0).key;
    inner.clock.advance(std::chrono::seconds(60));
    EXPECT_TRUE(co_await inner.worker->run_due());
    // The node wakes up and its PUT lands after the reap.
    fakes::memory_source again(some_bytes(10'000, 3));
    EXPECT_TRUE(co_await inner.real.objects->put(stalled, again));
    co_return true;
  }(w, key));
  ASSERT_TRUE(done);
  EXPECT_EQ(w.objects_there().size(), 1u);
  w.recover();
  w.expect_in_step();
  EXPECT_TRUE(w.objects_there().empty());
}

// So late that its row is gone, and nobody knows of the object any more.
TEST(Submission, a_write_after_all_was_cleaned_up_is_erased_by_who_wrote_it) {
  world w;
  const bool done = fakes::run_sync([](world& inner) -> awaitable<bool> {
    auto submission = inner.intake->begin({});
    fakes::memory_source bytes(some_bytes(10'000, 3));
    EXPECT_TRUE(co_await submission->add_file("a.bin", bytes));
    const auto key = (co_await inner.real.objects->list({}, 10))->at(0).key;
    for (int round = 0; round < 3; ++round) {
      inner.clock.advance(std::chrono::minutes(10));
      EXPECT_TRUE(co_await inner.worker->run_due());
    }
    EXPECT_FALSE(*co_await inner.real.records->find_row(key));
    fakes::memory_source again(some_bytes(10'000, 3));
    EXPECT_TRUE(co_await inner.real.objects->put(key, again));
    EXPECT_FALSE(co_await submission->commit(anna_draft));
    co_await submission->abandon();
    co_return true;
  }(w));
  ASSERT_TRUE(done);
  EXPECT_EQ(w.objects_there().size(), 1u);
  w.recover();
  w.expect_in_step();
  EXPECT_TRUE(w.objects_there().empty());
}

TEST(Submission, an_upload_that_takes_long_keeps_its_lease) {
  world w;
  const bool done = fakes::run_sync([](world& inner) -> awaitable<bool> {
    auto submission = inner.intake->begin({});
    fakes::memory_source bytes(some_bytes(10'000, 3));
    EXPECT_TRUE(co_await submission->add_file("a.bin", bytes));
    const auto rows = co_await inner.real.records->scan_files({}, 10);
    EXPECT_EQ(rows->size(), 1u);
    inner.clock.advance(std::chrono::seconds(10));
    co_await inner.leases->renew_now();
    inner.clock.advance(std::chrono::seconds(10));
    EXPECT_EQ(*co_await inner.worker->run_due(), 0);
    EXPECT_TRUE(co_await submission->commit(anna_draft));
    co_return true;
  }(w));
  ASSERT_TRUE(done);
  w.recover();
  w.expect_in_step();
  EXPECT_EQ(w.everybody().size(), 1u);
}

TEST(Submission, too_large_and_too_many_are_refused) {
  world w;
  w.intake = std::make_unique<domain::intake>(*w.records, *w.objects, *w.leases, *w.worker, w.random,
                                              domain::intake_limits{.file_bytes = 1000, .files = 2});
  EXPECT_TRUE(w.submit(anna_draft, {{"a", some_bytes(1000, 1)}}));
  EXPECT_EQ(w.submit(anna_draft, {{"a", some_bytes(1001, 1)}}).error().code, error_code::too_large);
  EXPECT_EQ(w.submit(anna_draft, {{"a", "1"}, {"b", "2"}, {"c", "3"}}).error().code, error_code::too_large);
  w.recover();
  w.expect_in_step();
  EXPECT_EQ(w.objects_there().size(), 1u);
}

}  // namespace
}  // namespace dossier
