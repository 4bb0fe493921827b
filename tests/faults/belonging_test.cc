// Records with files and a catalog that belong to other records: nothing is stored or erased there.
#include "domain/belonging.h"
#include "domain/guarded_stores.h"

#include <gtest/gtest.h>

#include "domain/doctor.h"
#include "domain/unknown_objects.h"
#include "fakes/memory_source.h"
#include "faults/world.h"

namespace dossier {
namespace {

using base::error_code;
using domain::unmarked;

const std::vector<upload> two_files = {{"letter.txt", "Dear Anna"}, {"photo.png", "no picture"}};

domain::object_key key(int number) {
  auto digits = std::to_string(number);
  return {"ab" + std::string(30 - digits.size(), '0') + digits};
}

void put_object(domain::object_store& objects, const domain::object_key& where) {
  fakes::memory_source source("somebody's");
  ASSERT_TRUE(fakes::run_sync(objects.put(where, source)));
}

base::result<void> check(world& one, unmarked how = unmarked::adopt) {
  return fakes::run_sync(domain::check_stores(*one.real.records, *one.real.objects, *one.real.catalog, how));
}

// Checks the records of `one` with the files and the catalog of `other`.
base::result<void> check(world& one, world& other) {
  return fakes::run_sync(
      domain::check_stores(*one.real.records, *other.real.objects, *other.real.catalog, unmarked::adopt));
}

error_code code_of(const base::result<void>& answer) {
  return answer ? error_code::internal : answer.error().code;
}

TEST(belonging, new_stores_are_marked_and_stay_so) {
  world w;
  ASSERT_TRUE(check(w));
  const auto who = fakes::run_sync(w.real.records->identity()).value();
  EXPECT_EQ(fakes::run_sync(w.real.objects->owner()).value(), who);
  EXPECT_EQ(fakes::run_sync(w.real.catalog->owner()).value(), who);
  ASSERT_TRUE(w.submit(anna_draft, two_files));
  w.recover();
  w.restart();
  EXPECT_TRUE(check(w));
  w.expect_in_step();
}

TEST(belonging, looking_marks_nothing) {
  world w;
  ASSERT_TRUE(check(w, unmarked::look));
  EXPECT_EQ(fakes::run_sync(w.real.objects->owner()).value(), std::nullopt);
  EXPECT_EQ(fakes::run_sync(w.real.catalog->owner()).value(), std::nullopt);
}

TEST(belonging, stores_of_before_there_were_marks_get_one_from_their_own_records_only) {
  world mine;
  ASSERT_TRUE(mine.submit(anna_draft, two_files));
  mine.recover();
  world fresh;
  const auto refused = check(fresh, mine);
  EXPECT_EQ(code_of(refused), error_code::conflict);
  EXPECT_NE(refused.error().message.find("dossier adopt"), std::string::npos);
  EXPECT_EQ(fakes::run_sync(mine.real.objects->owner()).value(), std::nullopt) << "refusing changes nothing";
  EXPECT_TRUE(check(mine));
  EXPECT_TRUE(check(mine));
}

TEST(belonging, a_mark_of_others_is_an_error_until_it_is_given) {
  world mine;
  world other;
  ASSERT_TRUE(check(mine));
  EXPECT_EQ(code_of(check(other, mine)), error_code::conflict);
  ASSERT_TRUE(
      fakes::run_sync(domain::adopt_stores(*other.real.records, *mine.real.objects, *mine.real.catalog)));
  EXPECT_TRUE(check(other, mine));
  EXPECT_EQ(code_of(check(mine)), error_code::conflict);
}

TEST(belonging, an_empty_place_is_not_that_of_records_with_files) {
  world mine;
  ASSERT_TRUE(mine.submit(anna_draft, two_files));
  mine.recover();
  world empty;
  EXPECT_EQ(code_of(check(mine, empty)), error_code::conflict)
      << "a disk that is not mounted, a wrong bucket";
}

TEST(belonging, two_who_start_at_once_on_new_stores_agree) {
  world stores;
  world other;
  ASSERT_TRUE(check(stores));  // as if it came after the other had looked and before it claimed
  const auto who = fakes::run_sync(other.real.records->identity()).value();
  const auto owner = fakes::run_sync(stores.real.objects->claim(who)).value();
  EXPECT_EQ(owner, fakes::run_sync(stores.real.records->identity()).value());
}

TEST(belonging, a_guard_keeps_writes_and_erases_out_of_others_stores_and_asks_again_after_an_outage) {
  world mine;
  ASSERT_TRUE(mine.submit(anna_draft, two_files));
  mine.recover();
  ASSERT_TRUE(check(mine));
  const auto there = mine.objects_there();
  world other;
  auto objects = domain::guard_objects(std::make_unique<fakes::faulty_objects>(*mine.real.objects, mine.plan),
                                       *other.real.records);
  auto items = domain::guard_catalog(std::make_unique<fakes::faulty_catalog>(*mine.real.catalog, mine.plan),
                                     *other.real.records);
  for (const auto& [name, size] : there) {
    EXPECT_EQ(code_of(fakes::run_sync(objects.store->erase({name}))), error_code::unavailable);
    EXPECT_EQ(code_of(fakes::run_sync(items.store->erase({name}))), error_code::unavailable);
  }
  fakes::memory_source source("mine");
  EXPECT_EQ(code_of(fakes::run_sync(objects.store->put(key(1), source))), error_code::unavailable);
  EXPECT_EQ(code_of(fakes::run_sync(objects.store->check())), error_code::unavailable);
  EXPECT_EQ(code_of(fakes::run_sync(objects.confirm())), error_code::conflict);
  EXPECT_EQ(mine.objects_there(), there);
  mine.expect_in_step();

  auto own = domain::guard_objects(std::make_unique<fakes::faulty_objects>(*mine.real.objects, mine.plan),
                                   *mine.real.records);
  mine.plan.fail_at(0, fakes::fault::before_effect);
  EXPECT_EQ(code_of(fakes::run_sync(own.store->erase(key(1)))), error_code::unavailable);
  mine.plan.clear();
  EXPECT_TRUE(fakes::run_sync(own.store->erase(key(1))));
  mine.plan.fail_at(0, fakes::fault::none);
  EXPECT_TRUE(fakes::run_sync(own.store->erase(key(1))));
  EXPECT_EQ(mine.plan.count(), 1) << "once it is known, nobody asks again";
}

TEST(belonging, more_than_a_tenth_that_no_row_names_is_not_erased_unless_it_is_said) {
  world w;
  ASSERT_TRUE(w.submit(anna_draft, two_files));
  w.recover();
  for (int i = 0; i < 21; ++i) put_object(*w.real.objects, key(i));
  const auto before = w.objects_there();
  const auto repair = [&](bool said) {
    return fakes::run_sync(domain::examine(*w.real.records, *w.real.objects, *w.real.catalog,
                                           {.repair = true, .erase_unknown = said}));
  };
  const auto refused = repair(false);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, error_code::conflict);
  EXPECT_NE(refused.error().message.find("21 of the 23"), std::string::npos) << refused.error().message;
  EXPECT_NE(refused.error().message.find("--erase-unknown"), std::string::npos);
  w.recover();
  EXPECT_EQ(w.objects_there(), before);

  ASSERT_TRUE(repair(true));
  w.recover();
  w.expect_in_step();
  EXPECT_EQ(w.objects_there().size(), 2u);
}

TEST(belonging, a_tenth_that_no_row_names_is_erased_and_one_more_is_not) {
  for (const int unknown : {2, 3}) {
    world w;
    for (int i = 0; i < 9; ++i) ASSERT_TRUE(w.submit(anna_draft, two_files));
    w.recover();
    for (int i = 0; i < unknown; ++i) put_object(*w.real.objects, key(i));
    const auto count =
        fakes::run_sync(domain::count_unknown_objects(*w.real.records, *w.real.objects)).value();
    EXPECT_EQ(count.unknown, unknown);
    EXPECT_EQ(count.objects, 18 + unknown);
    const auto repaired =
        fakes::run_sync(domain::examine(*w.real.records, *w.real.objects, *w.real.catalog, {.repair = true}));
    EXPECT_EQ(repaired.has_value(), unknown == 2);
    w.recover();
    EXPECT_EQ(w.objects_there().size(), unknown == 2 ? 18u : 21u);
  }
}

}  // namespace
}  // namespace dossier
