// Importing an origin with a store failing at operation 0, 1, 2, …: however often the import is interrupted,
// running it again completes it, and everything is there once.
#include <gtest/gtest.h>

#include "domain/origin_import.h"
#include "fakes/details.h"
#include "fakes/memory_origin.h"
#include "faults/world.h"

namespace dossier {
namespace {

using std::chrono::milliseconds;

const upload annas{"file-id-1", "\x89PNG\r\n\x1a\n" + some_bytes(40'000, 1)};
const upload zoes{"file-id-2", ""};

fakes::memory_origin small_origin() {
  fakes::memory_origin from;
  from.rows = {{"3", fakes::typed{"Anna Berg", "Oslo", "41", "C++"}},
               {"5", fakes::typed{"Bo", "Oslo", "forty", "C++"}},
               {"90", fakes::typed{"Zoë", "Köln", "7", "F#"}}};
  from.files = {{annas.name, annas.bytes}, {zoes.name, zoes.bytes}};
  from.authors = {{annas.name, "Anna Berg"}, {zoes.name, "Zoë"}};
  from.files["file-id-3"] = "of nobody";
  return from;
}

base::result<domain::import_report> bring_over(world& w, fakes::memory_origin from, bool apply = true) {
  domain::import_options how;
  how.apply = apply;
  how.commit_pause = milliseconds(1);
  domain::origin_import work(from, {.records = w.records.get(), .objects = w.objects.get()}, w.random, how);
  return fakes::run_sync(work.run());
}

void expect_all_of_it(world& w) {
  w.recover();
  w.expect_in_step();
  EXPECT_EQ(w.everybody().size(), 2u);
  w.expect_whole({3}, anna, {annas});
  w.expect_whole({90}, fakes::known{.name = "Zoë", .location = "Köln", .age = 7, .technology = "F#"}, {zoes});
  EXPECT_EQ(w.objects_there().size(), 2u);
}

TEST(import_faults, an_import_that_was_interrupted_anywhere_is_completed_by_the_next_one) {
  at_every_operation([] {
    return fault_scenario{
        .prepare = [](world&) {},
        .attempt = [](world& w) { (void)bring_over(w, small_origin()); },
        .judge =
            [](world& w) {
              w.restart();
              w.recover();
              w.expect_in_step();
              const auto again = bring_over(w, small_origin());
              ASSERT_TRUE(again) << again.error().message;
              EXPECT_EQ(again->people.imported + again->people.already, 2);
              EXPECT_EQ(again->files.imported + again->files.already, 2);
              expect_all_of_it(w);
            },
    };
  });
}

TEST(import_faults, a_second_import_changes_nothing) {
  world w;
  ASSERT_TRUE(bring_over(w, small_origin()));
  expect_all_of_it(w);
  const auto objects = w.objects_there();
  const auto again = bring_over(w, small_origin());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->people.already, 2);
  EXPECT_EQ(again->files.already, 2);
  EXPECT_EQ(again->people.imported + again->files.imported, 0);
  expect_all_of_it(w);
  EXPECT_EQ(w.objects_there(), objects);
}

// A person who was deleted here does not come over again, and neither do new files under that name.
TEST(import_faults, goes_on_after_someone_who_came_over_was_deleted_here) {
  world w;
  ASSERT_TRUE(bring_over(w, small_origin()));
  ASSERT_TRUE(fakes::run_sync(w.people->remove({3}, {}, {})));
  w.recover();
  auto origin = small_origin();
  origin.rows.push_back({"91", fakes::typed{"Ada", "London", "36", "Analysis"}});
  origin.files["file-id-4"] = "of Ada";
  origin.authors.push_back({"file-id-4", "Ada"});
  origin.files["file-id-5"] = "another of Anna's";
  origin.authors.push_back({"file-id-5", "Anna Berg"});
  for (const bool apply : {false, true, true}) {
    const auto again = bring_over(w, origin, apply);
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(again->people.deleted, 1);
    EXPECT_EQ(again->people.imported + again->people.already, 2);
    ASSERT_EQ(again->left_files.size(), 2u);
    EXPECT_EQ(again->left_files[1].object.key, "file-id-5");
    EXPECT_EQ(again->left_files[1].why, domain::file_obstacle::person_gone);
  }
  w.recover();
  w.expect_in_step();
  EXPECT_EQ(w.everybody().size(), 2u);
  EXPECT_EQ(w.objects_there().size(), 2u);
}

TEST(import_faults, a_dry_run_tells_what_applying_does_and_does_nothing) {
  world w;
  const auto dry = bring_over(w, small_origin(), false);
  ASSERT_TRUE(dry);
  EXPECT_TRUE(w.everybody().empty());
  EXPECT_TRUE(w.objects_there().empty());
  const auto report = bring_over(w, small_origin());
  ASSERT_TRUE(report);
  EXPECT_EQ(report->people.imported, dry->people.imported);
  EXPECT_EQ(report->files.imported, dry->files.imported);
  EXPECT_EQ(report->bytes, dry->bytes);
  ASSERT_EQ(report->left_files.size(), 1u);
  EXPECT_EQ(report->left_files[0].why, domain::file_obstacle::no_item);
  EXPECT_EQ(dry->left_files.size(), 1u);
}

}  // namespace
}  // namespace dossier
