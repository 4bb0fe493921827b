// Renaming, deleting and the worker's tasks, with a store failing at operation 0, 1, 2, …; and lost bytes.
#include <gtest/gtest.h>

#include "fakes/details.h"
#include "fakes/memory_source.h"
#include "faults/world.h"

namespace dossier {
namespace {

const std::vector<upload> two_files = {{"photo.png", "\x89PNG\r\n\x1a\n" + some_bytes(20'000, 1)},
                                       {"letter.txt", "Dear Anna"}};
const domain::details renamed =
    fakes::known{.name = "Anna Dahl", .location = "Oslo", .age = 41, .technology = "C++"};

domain::person_id make_anna(world& w) {
  const auto made = w.submit(anna_draft, two_files);
  w.recover();
  return made->person.id;
}

// If the answer was success, it must have happened. If not, it must not, unless the error says it may have.
void expect_told_the_truth(const base::result<void>& told, bool happened) {
  if (told) {
    EXPECT_TRUE(happened) << "the answer was success, but it did not happen";
  } else if (happened) {
    EXPECT_TRUE(told.error().may_have_happened) << "the answer was an error, but it happened";
    EXPECT_NE(told.error().message.find(" may have been "), std::string::npos) << told.error().message;
  }
}

TEST(change_faults, a_rename_reaches_the_catalog_or_did_not_happen) {
  at_every_operation([] {
    auto id = std::make_shared<domain::person_id>();
    auto told = std::make_shared<base::result<void>>();
    return fault_scenario{
        .prepare = [id](world& w) { *id = make_anna(w); },
        .attempt =
            [id, told](world& w) {
              const auto edited = fakes::run_sync(w.people->edit(
                  *id, fakes::typed{.name = "Anna Dahl", .location = {}, .age = {}, .technology = {}}, {},
                  {}));
              if (edited) EXPECT_EQ(edited->details, renamed);
              *told = edited ? base::result<void>() : std::unexpected(edited.error());
              (void)fakes::run_sync(w.worker->run_due());
            },
        .judge =
            [id, told](world& w) {
              w.recover();
              w.expect_in_step();
              const bool is_renamed = w.everybody().at(0).details == renamed;
              expect_told_the_truth(*told, is_renamed);
              w.expect_whole(*id, is_renamed ? renamed : anna, two_files);
            },
    };
  });
}

TEST(change_faults, a_deleted_person_is_invisible_at_once_and_gone_in_the_end) {
  at_every_operation([] {
    auto id = std::make_shared<domain::person_id>();
    auto told = std::make_shared<base::result<void>>();
    return fault_scenario{
        .prepare = [id](world& w) { *id = make_anna(w); },
        .attempt =
            [id, told](world& w) {
              *told = fakes::run_sync(w.people->remove(*id, {}, {}));
              (void)fakes::run_sync(w.worker->run_due());
            },
        .judge =
            [id, told](world& w) {
              expect_told_the_truth(*told, w.everybody().empty());
              w.recover();
              w.expect_in_step();
              const auto left = w.everybody();
              if (left.empty()) {
                EXPECT_TRUE(w.objects_there().empty());
              } else {
                EXPECT_FALSE(*told);
                w.expect_whole(*id, anna, two_files);
              }
            },
    };
  });
}

TEST(change_faults, a_removed_file_goes_and_the_other_stays) {
  at_every_operation([] {
    auto who = std::make_shared<domain::person>();
    auto told = std::make_shared<base::result<void>>();
    return fault_scenario{
        .prepare =
            [who](world& w) {
              make_anna(w);
              *who = w.everybody().at(0);
            },
        .attempt =
            [who, told](world& w) {
              *told = fakes::run_sync(w.people->remove_file(who->files.at(0).id, {}));
              (void)fakes::run_sync(w.worker->run_due());
            },
        .judge =
            [who, told](world& w) {
              w.recover();
              w.expect_in_step();
              const bool removed = w.everybody().at(0).files.size() == 1;
              expect_told_the_truth(*told, removed);
              w.expect_whole(who->id, anna, removed ? std::vector<upload>{two_files[1]} : two_files);
            },
    };
  });
}

TEST(change_faults, what_the_worker_owes_after_a_submission_survives_any_fault_of_its_own) {
  at_every_operation([] {
    auto id = std::make_shared<domain::person_id>();
    return fault_scenario{
        .prepare = [id](world& w) { *id = w.submit(anna_draft, two_files)->person.id; },
        .attempt = [](world& w) { (void)fakes::run_sync(w.worker->run_due()); },
        .judge =
            [id](world& w) {
              w.recover();
              w.expect_in_step();
              w.expect_whole(*id, anna, two_files);
            },
    };
  });
}

TEST(change_faults, reaping_an_upload_survives_any_fault_of_its_own) {
  at_every_operation([] {
    return fault_scenario{
        .prepare =
            [](world& w) {
              // The node dies after it wrote its files and before its commit, which is operation 4 (counted
              // from 0: begin, put, begin, put, commit).
              w.plan.fail_at(4, fakes::fault::gone);
              EXPECT_FALSE(w.submit(anna_draft, two_files));
              w.plan.clear();
              w.restart();
              EXPECT_EQ(w.objects_there().size(), 2u);
              w.clock.advance(std::chrono::seconds(60));
            },
        .attempt = [](world& w) { (void)fakes::run_sync(w.worker->run_due()); },
        .judge =
            [](world& w) {
              w.recover();
              w.expect_in_step();
              EXPECT_TRUE(w.objects_there().empty());
              EXPECT_TRUE(w.everybody().empty());
            },
    };
  });
}

TEST(lost_bytes, are_no_file_when_it_was_deleted_since_it_was_looked_up) {
  world w;
  make_anna(w);
  const auto letter = w.everybody().at(0).files.at(1);
  ASSERT_TRUE(fakes::run_sync(w.people->remove_file(letter.id, {})));
  w.recover();
  const auto opened = fakes::run_sync(w.people->open(letter, 0, letter.size));
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, base::error_code::not_found);
}

TEST(lost_bytes, of_a_file_that_is_there_are_an_error_of_ours) {
  world w;
  make_anna(w);
  const auto letter = w.everybody().at(0).files.at(1);
  ASSERT_TRUE(fakes::run_sync(w.real.objects->erase(letter.key)));
  const auto none = fakes::run_sync(w.people->open(letter, 0, letter.size));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, base::error_code::internal);
  EXPECT_NE(none.error().message.find("dossier doctor"), std::string::npos);

  fakes::memory_source shorter("Dear");
  ASSERT_TRUE(fakes::run_sync(w.real.objects->put(letter.key, shorter)));
  const auto cut = fakes::run_sync(w.people->open(letter, 0, letter.size));
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().code, base::error_code::internal);
}

TEST(lost_bytes, are_not_claimed_while_the_store_is_away) {
  world w;
  make_anna(w);
  const auto letter = w.everybody().at(0).files.at(1);
  w.plan.fail_at(0, fakes::fault::before_effect);
  EXPECT_EQ(fakes::run_sync(w.people->open(letter, 0, letter.size)).error().code,
            base::error_code::unavailable);
}

}  // namespace
}  // namespace dossier
