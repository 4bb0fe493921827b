// What the doctor finds, what it mends, and what does and does not count as a difference.
#include "domain/doctor.h"

#include <gtest/gtest.h>

#include "fakes/memory_source.h"
#include "faults/world.h"

namespace dossier {
namespace {

using domain::finding_kind;

const std::vector<upload> one_file = {{"letter.txt", "Dear Anna"}};

domain::doctor_report examine(world& w, domain::doctor_options options = {}) {
  auto report = fakes::run_sync(domain::examine(*w.real.records, *w.real.objects, *w.real.catalog, options));
  if (!report) throw std::runtime_error(report.error().message);
  return *report;
}

// A world with one person and that person's file, all in step.
struct settled_world : world {
  settled_world() {
    EXPECT_TRUE(submit(anna_draft, one_file));
    recover();
    file = everybody().at(0).files.at(0);
  }
  void expect_mended(finding_kind kind) {
    auto report = examine(*this, {.repair = true, .erase_unknown = true});
    ASSERT_EQ(report.findings.size(), 1u);
    EXPECT_EQ(report.findings[0].kind, kind);
    EXPECT_EQ(report.repaired, 1);
    recover();
    expect_in_step();
    EXPECT_TRUE(examine(*this, {.read_bytes = true}).in_step());
  }
  void put_object(const domain::object_key& key, std::string bytes) {
    fakes::memory_source source(std::move(bytes));
    ASSERT_TRUE(fakes::run_sync(real.objects->put(key, source)));
  }
  domain::catalog_item item() { return **fakes::run_sync(real.catalog->find(file.key)); }
  domain::file file;
};

TEST(doctor, finds_nothing_where_all_is_in_step) {
  settled_world w;
  const auto report = examine(w, {.read_bytes = true});
  EXPECT_TRUE(report.in_step());
  EXPECT_EQ(report.files, 1);
  EXPECT_EQ(report.objects, 1);
  EXPECT_EQ(report.items, 1);
}

// Looking at each file alone would be a call for each; in the cloud it takes as long as a page of a list.
TEST(doctor, reads_the_stores_as_lists_and_not_file_by_file) {
  const auto calls_for = [](int people) {
    world w;
    for (int i = 0; i < people; ++i) EXPECT_TRUE(w.submit(anna_draft, one_file));
    w.recover();
    w.plan.fail_at(0, fakes::fault::none);  // starts counting here
    const auto report = fakes::run_sync(domain::examine(*w.records, *w.objects, *w.catalog, {}));
    EXPECT_TRUE(report && report->in_step());
    EXPECT_EQ(report ? report->files : 0, people);
    EXPECT_EQ(report ? report->objects : 0, people);
    EXPECT_EQ(report ? report->items : 0, people);
    return w.plan.count();
  };
  EXPECT_EQ(calls_for(12), calls_for(2));
}

TEST(doctor, what_is_going_on_is_no_difference) {
  world w;
  w.plan.fail_at(4, fakes::fault::gone);
  EXPECT_FALSE(w.submit(anna_draft, {{"a", "1"}, {"b", "2"}}));
  w.plan.clear();
  EXPECT_TRUE(w.submit(anna_draft, one_file));
  const auto report = examine(w);
  EXPECT_TRUE(report.in_step());
  EXPECT_EQ(report.in_progress, 2);
  EXPECT_EQ(report.files, 1);
}

TEST(doctor, says_that_bytes_are_gone_and_cannot_mend_it) {
  settled_world w;
  ASSERT_TRUE(fakes::run_sync(w.real.objects->erase(w.file.key)));
  const auto report = examine(w, {.repair = true, .erase_unknown = true});
  ASSERT_EQ(report.findings.size(), 1u);
  EXPECT_EQ(report.findings[0].kind, finding_kind::missing_object);
  EXPECT_FALSE(report.findings[0].mendable);
  EXPECT_EQ(report.findings[0].file, w.file.id);
  EXPECT_EQ(report.repaired, 0);
}

TEST(doctor, finds_bytes_that_changed) {
  settled_world w;
  w.put_object(w.file.key, "Dear Anne");
  EXPECT_TRUE(examine(w).in_step()) << "the size alone does not tell";
  EXPECT_EQ(examine(w, {.read_bytes = true}).findings.at(0).kind, finding_kind::damaged_object);
  w.put_object(w.file.key, "Dear");
  EXPECT_EQ(examine(w).findings.at(0).kind, finding_kind::wrong_size);
}

TEST(doctor, mends_an_object_without_a_row) {
  settled_world w;
  w.put_object({"0123456789abcdef0123456789abcdef"}, "nobody's");
  w.expect_mended(finding_kind::orphan_object);
}

TEST(doctor, mends_what_an_upload_left_that_nobody_knows) {
  settled_world w;
  const std::string key(32, 'a');
  w.below.leave_unfinished({key});
  EXPECT_EQ(examine(w).findings.at(0).key.value, key);
  w.expect_mended(finding_kind::unfinished_object);
  EXPECT_FALSE(w.below.has_unfinished({key}));
}

TEST(doctor, takes_what_an_upload_has_written_so_far_for_what_it_is) {
  world w;
  w.plan.fail_at(1, fakes::fault::gone);  // the row is written, the object is not
  EXPECT_FALSE(w.submit(anna_draft, one_file));
  w.plan.clear();
  const auto rows = fakes::run_sync(w.real.records->scan_files({}, 1)).value();
  ASSERT_EQ(rows.size(), 1u);
  const auto key = rows[0].file.key;
  w.below.leave_unfinished(key);
  EXPECT_TRUE(examine(w, {.repair = true, .erase_unknown = true}).in_step());
  EXPECT_TRUE(w.below.has_unfinished(key));
}

TEST(doctor, tells_of_what_is_not_ours_and_leaves_it_alone) {
  settled_world w;
  w.below.leave_stranger("README");
  const auto report = examine(w, {.repair = true, .erase_unknown = true});
  EXPECT_TRUE(report.in_step());
  ASSERT_EQ(report.strangers.size(), 1u);
  EXPECT_TRUE(report.strangers[0].ends_with("README"));
  EXPECT_TRUE(w.below.has_stranger("README"));
}

TEST(doctor, mends_a_missing_item) {
  settled_world w;
  ASSERT_TRUE(fakes::run_sync(w.real.catalog->erase(w.file.key)));
  w.expect_mended(finding_kind::missing_item);
}

TEST(doctor, mends_an_item_that_is_wrong) {
  settled_world w;
  auto item = w.item();
  item.author = "Somebody Else";
  ASSERT_TRUE(fakes::run_sync(w.real.catalog->put(item)));
  w.expect_mended(finding_kind::stale_item);
}

TEST(doctor, mends_an_item_without_a_row) {
  settled_world w;
  auto item = w.item();
  item.key.value = "0123456789abcdef0123456789abcdef";
  ASSERT_TRUE(fakes::run_sync(w.real.catalog->put(item)));
  w.expect_mended(finding_kind::orphan_item);
}

TEST(doctor, counts_all_findings_and_lists_some) {
  settled_world w;
  for (char digit : {'1', '2', '3', '4'}) w.put_object({std::string(32, digit)}, "nobody's");
  const auto report = examine(w, {.max_findings = 2});
  EXPECT_EQ(report.total_findings, 4);
  EXPECT_EQ(report.findings.size(), 2u);
}

TEST(catalog_rebuild, makes_the_projection_again) {
  world w;
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(w.submit(anna_draft, one_file));
  w.recover();
  for (const auto& person : w.everybody()) {
    ASSERT_TRUE(fakes::run_sync(w.real.catalog->erase(person.files.at(0).key)));
  }
  ASSERT_TRUE(fakes::run_sync(w.real.catalog->put({.key = {std::string(32, 'a')}, .author = "Ghost"})));
  EXPECT_EQ(*fakes::run_sync(domain::rebuild_catalog(*w.real.records, *w.real.catalog)), 5);
  w.recover();
  w.expect_in_step();
}

}  // namespace
}  // namespace dossier
