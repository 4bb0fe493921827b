// Calls to AWS go wrong below the real client and the real stores, each in turn, in each way. What the use
// cases then answer must be true, and after recovery the invariants must hold. Objects are in S3 and the
// catalog in DynamoDB, both in memory; the environment chooses where the records are.
#include <array>

#include <gtest/gtest.h>

#include "fakes/details.h"
#include "fakes/memory_source.h"
#include "faults/world.h"

namespace dossier {
namespace {

using base::error_code;
using fakes::all_from_here;
using fakes::call_fault;

// The photo is sent in three parts, the letter with one request.
const std::vector<upload> two_files = {{"photo.png", "\x89PNG\r\n\x1a\n" + some_bytes(70'000, 1)},
                                       {"letter.txt", "Dear Anna"}};
const domain::details renamed =
    fakes::known{.name = "Anna Dahl", .location = "Oslo", .age = 41, .technology = "C++"};

struct way {
  const char* name;
  fakes::call_faults faults;
};

// The client tries a call three times, so three faults make it fail.
constexpr std::array ways{
    way{"refused", {call_fault::refused, 3}},
    way{"away from here on", {call_fault::refused, all_from_here}},
    way{"timed out", {call_fault::timed_out, 3}},
    way{"done, but timed out once", {call_fault::timed_out_after, 1}},
    way{"done, but timed out", {call_fault::timed_out_after, 3}},
    way{"done from here on, and never answered", {call_fault::timed_out_after, all_from_here}},
    way{"timed out once, and done late", {call_fault::timed_out_late, 1}},
    way{"timed out, and done late", {call_fault::timed_out_late, 3}},
    way{"done late from here on", {call_fault::timed_out_late, all_from_here}},
    way{"500", {call_fault::failing, 3}},
    way{"done, but 500", {call_fault::failing_after, 3}},
    way{"throttled once", {call_fault::throttled, 1}},
    way{"throttled", {call_fault::throttled, 3}},
    way{"cut off once", {call_fault::cut, 1}},
    way{"cut off", {call_fault::cut, 3}},
    way{"answered by half once", {call_fault::half, 1}},
    way{"answered by half", {call_fault::half, 3}},
};

struct circumstances {
  bool versioned_bucket = true;
  // Whether a call may land late although the next attempt succeeded, so that nothing knows of it.
  bool stray_calls = true;
};

// Runs `attempt` in a new world with call 0, 1, 2, … going wrong in each way, until there are no more calls.
void at_every_call(const std::function<fault_scenario()>& make, circumstances in = {}) {
  constexpr int more_than_any_has = 100;
  for (const auto& one : ways) {
    if (!in.stray_calls && one.faults.kind == call_fault::timed_out_late && one.faults.calls == 1) continue;
    int n = 0;
    for (; n < more_than_any_has; ++n) {
      const auto scenario = make();
      world w({.mysql = chosen_mix().mysql, .s3 = true, .dynamodb = true});
      w.below.aws.s3.versioned = in.versioned_bucket;
      scenario.prepare(w);
      w.below.aws.plan.fail_at(n, one.faults);
      scenario.attempt(w);
      const bool fired = w.below.aws.plan.fired();
      SCOPED_TRACE(testing::Message()
                   << "call " << n << " (" << w.below.aws.plan.where() << "): " << one.name);
      scenario.judge(w);
      if (testing::Test::HasFailure()) return;
      if (!fired) break;
    }
    EXPECT_GT(n, 0) << "the attempt makes no call at all";
    ASSERT_LT(n, more_than_any_has);
  }
}

void expect_whole_or_gone(world& w) {
  const auto all = w.everybody();
  ASSERT_LE(all.size(), 1u);
  if (all.size() == 1) w.expect_whole(all[0].id, anna, two_files);
  EXPECT_EQ(w.objects_there().size(), all.size() * two_files.size());
}

void do_tasks(world& w) {
  (void)fakes::run_sync(w.worker->run_due());
}

domain::person_id make_anna(world& w) {
  const auto made = w.submit(anna_draft, two_files);
  w.recover();
  return made->person.id;
}

fault_scenario a_submission() {
  auto outcome = std::make_shared<base::result<domain::submission_outcome>>();
  return {
      .prepare = [](world&) {},
      .attempt =
          [outcome](world& w) {
            *outcome = w.submit(anna_draft, two_files);
            do_tasks(w);
          },
      .judge =
          [outcome](world& w) {
            if (!*outcome) EXPECT_EQ(outcome->error().code, error_code::unavailable);
            w.recover();
            w.expect_in_step();
            if (*outcome) w.expect_whole((*outcome)->person.id, anna, two_files);
            expect_whole_or_gone(w);
          },
  };
}

TEST(call_faults, a_submission_is_acknowledged_and_whole_or_wholly_gone) {
  at_every_call(a_submission);
}

TEST(call_faults, so_it_is_in_a_bucket_without_versions) {
  at_every_call(a_submission, {.versioned_bucket = false});
}

TEST(call_faults, a_key_makes_one_record_after_the_process_died) {
  at_every_call([] {
    return fault_scenario{
        .prepare = [](world&) {},
        .attempt =
            [](world& w) {
              (void)w.submit(anna_draft, two_files, "key-1");
              do_tasks(w);
            },
        .judge =
            [](world& w) {
              w.restart();
              w.below.aws.plan.clear();
              w.clock.advance(std::chrono::seconds(60));
              const auto again = w.submit(anna_draft, two_files, "key-1");
              ASSERT_TRUE(again) << again.error().message;
              w.recover();
              w.expect_in_step();
              w.expect_whole(again->person.id, anna, two_files);
              expect_whole_or_gone(w);
            },
    };
  });
}

// Late calls land after the first erase: the second one, after the grace period, removes what they wrote.
TEST(call_faults, what_lands_after_an_upload_was_reaped_is_erased_too) {
  at_every_call([] {
    auto outcome = std::make_shared<base::result<domain::submission_outcome>>();
    return fault_scenario{
        .prepare = [](world&) {},
        .attempt = [outcome](world& w) { *outcome = w.submit(anna_draft, two_files); },
        .judge =
            [outcome](world& w) {
              w.restart();
              w.below.aws.plan.clear();
              w.clock.advance(std::chrono::seconds(60));
              do_tasks(w);
              w.recover();
              w.expect_in_step();
              if (*outcome) w.expect_whole((*outcome)->person.id, anna, two_files);
              expect_whole_or_gone(w);
            },
    };
  });
}

TEST(call_faults, a_rename_reaches_the_catalog) {
  at_every_call([] {
    auto id = std::make_shared<domain::person_id>();
    return fault_scenario{
        .prepare = [id](world& w) { *id = make_anna(w); },
        .attempt =
            [id](world& w) {
              EXPECT_TRUE(fakes::run_sync(w.people->edit(
                  *id, fakes::typed{.name = "Anna Dahl", .location = {}, .age = {}, .technology = {}}, {},
                  {})));
              do_tasks(w);
            },
        .judge =
            [id](world& w) {
              w.recover();
              w.expect_in_step();
              w.expect_whole(*id, renamed, two_files);
              EXPECT_EQ(w.keys_by_author("Anna Dahl").size(), 2u);
              EXPECT_TRUE(w.keys_by_author("Anna Berg").empty());
            },
    };
  });
}

// In the second round the files are perhaps not in the catalog yet. There no call lands late unnoticed: the
// second attempt could write an item, which is erased, and then the first attempt could land and write it
// again. Only the doctor finds such an item.
TEST(call_faults, a_deleted_person_is_gone_from_all_stores_in_the_end) {
  for (const bool settled : {true, false}) {
    const auto make = [settled] {
      auto id = std::make_shared<domain::person_id>();
      return fault_scenario{
          .prepare =
              [id, settled](world& w) {
                *id = w.submit(anna_draft, two_files)->person.id;
                if (settled) w.recover();
              },
          .attempt =
              [id, settled](world& w) {
                if (!settled) do_tasks(w);
                EXPECT_TRUE(fakes::run_sync(w.people->remove(*id, {}, {})));
                do_tasks(w);
              },
          .judge =
              [](world& w) {
                EXPECT_TRUE(w.everybody().empty()) << "visible after it was deleted";
                w.recover();
                w.expect_in_step();
                EXPECT_TRUE(w.objects_there().empty());
              },
      };
    };
    at_every_call(make, {.stray_calls = settled});
  }
}

TEST(call_faults, reaping_half_an_upload_survives_any_fault_of_its_own) {
  at_every_call([] {
    return fault_scenario{
        .prepare =
            [](world& w) {
              // The node dies when the upload has begun and two of its parts are there.
              w.below.aws.plan.fail_at(3, {call_fault::refused, all_from_here});
              EXPECT_FALSE(w.submit(anna_draft, two_files));
              w.restart();
              w.below.aws.plan.clear();
              EXPECT_EQ(w.below.aws.s3.parts(), 2u);
              w.clock.advance(std::chrono::seconds(60));
            },
        .attempt = do_tasks,
        .judge =
            [](world& w) {
              w.recover();
              w.expect_in_step();
              EXPECT_TRUE(w.everybody().empty());
              EXPECT_EQ(w.below.aws.s3.uploads(), 0u);
            },
    };
  });
}

TEST(call_faults, reading_tells_the_truth_or_fails) {
  at_every_call([] {
    auto read = std::make_shared<base::result<std::string>>();
    auto listed = std::make_shared<base::result<domain::catalog_page>>();
    return fault_scenario{
        .prepare = [](world& w) { make_anna(w); },
        .attempt =
            [read, listed](world& w) {
              const auto photo = w.everybody().at(0).files.at(0);
              auto opened = fakes::run_sync(w.people->open(photo, 0, photo.size));
              *read = opened ? fakes::run_sync(fakes::read_all(**opened)) : base::pass(opened);
              *listed = fakes::run_sync(w.people->files_by_author("Anna Berg", "", 1));
            },
        .judge =
            [read, listed](world& w) {
              if (*read)
                EXPECT_TRUE(**read == two_files[0].bytes);
              else
                EXPECT_EQ(read->error().code, error_code::unavailable) << read->error().message;
              if (*listed)
                EXPECT_EQ((*listed)->items.size(), 1u);
              else
                EXPECT_EQ(listed->error().code, error_code::unavailable) << listed->error().message;
              w.recover();
              w.expect_in_step();
            },
    };
  });
}

TEST(call_faults, what_dynamodb_hands_back_of_a_batch_is_written_in_the_end) {
  world w({.mysql = chosen_mix().mysql, .s3 = true, .dynamodb = true});
  w.below.aws.dynamodb.longest_batch = 1;
  ASSERT_TRUE(w.submit(anna_draft, two_files));
  EXPECT_TRUE(fakes::run_sync(w.worker->run_due()));
  w.expect_in_step();
}

}  // namespace
}  // namespace dossier
