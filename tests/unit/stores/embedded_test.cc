#include "stores/embedded.h"
#include "fakes/details.h"

#include <fstream>
#include <set>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "fakes/manual_clock.h"
#include "fakes/memory_source.h"
#include "fakes/run.h"
#include "fakes/temporary_folder.h"

namespace dossier::stores {
namespace {

namespace fs = std::filesystem;

class embedded_stores_test : public testing::Test {
 protected:
  embedded_stores_test() { base::start_log(base::log_format::text, base::log_level::off); }

  base::result<opened_stores> open() { return open_embedded(data(), clock_, {.disk_threads = 2}, {}); }
  fs::path data() const { return folder_.path() / "deep" / "data"; }

  fakes::temporary_folder folder_;
  fakes::manual_clock clock_;
};

TEST_F(embedded_stores_test, makes_what_is_missing_for_this_user_alone) {
  const auto stores = open();
  ASSERT_TRUE(stores) << stores.error().message;
  EXPECT_EQ(stores->migrated, 5);
  for (const auto* name : {"records.db", "catalog.db", "objects"})
    EXPECT_TRUE(fs::exists(data() / name)) << name;
  struct ::stat found = {};
  ASSERT_EQ(::stat(data().c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0700u);
}

TEST_F(embedded_stores_test, keeps_its_files_to_this_user_also_in_a_folder_that_others_may_enter) {
  const auto before = ::umask(022);
  fs::create_directories(data());
  auto stores = open().value();
  domain::commit_request request;
  request.lease = {"lease"};
  request.details = fakes::known{"Anna", "Berlin", 30, "C++"};
  fakes::run_sync(stores.records->commit_submission(request)).value();
  fakes::memory_source body("body");
  fakes::run_sync(stores.objects->put({std::string(32, 'a')}, body)).value();
  ::umask(before);

  ASSERT_TRUE(fs::exists(data() / "records.db-wal"));
  for (const auto& one : fs::recursive_directory_iterator(data())) {
    const auto others = one.status().permissions() & (fs::perms::group_all | fs::perms::others_all);
    EXPECT_EQ(others, fs::perms::none) << one.path();
  }
}

TEST_F(embedded_stores_test, keeps_everything_from_one_time_to_the_next) {
  {
    auto stores = open().value();
    fakes::memory_source body("body");
    fakes::run_sync(stores.objects->put({std::string(32, 'a')}, body)).value();
    domain::commit_request request;
    request.lease = {"lease"};
    request.details = fakes::known{"Anna", "Berlin", 30, "C++"};
    fakes::run_sync(stores.records->commit_submission(request)).value();
  }
  auto stores = open().value();
  EXPECT_EQ(stores.migrated, 0);
  EXPECT_EQ(fakes::run_sync(stores.records->find_person({1})).value().details.name(), "Anna");
  EXPECT_EQ(fakes::run_sync(stores.objects->stat({std::string(32, 'a')})).value(), 4u);
}

TEST_F(embedded_stores_test, says_which_folder_cannot_be_made_and_what_to_do) {
  std::ofstream(folder_.path() / "deep") << "a file in the way";
  const auto stores = open();
  ASSERT_FALSE(stores);
  EXPECT_NE(stores.error().message.find(data().string()), std::string::npos);
  EXPECT_NE(stores.error().message.find("--data"), std::string::npos);
}

TEST_F(embedded_stores_test, says_which_database_is_none) {
  fs::create_directories(data() / "objects");
  std::ofstream(data() / "records.db") << std::string(10'000, 'x');
  const auto stores = open();
  ASSERT_FALSE(stores);
  EXPECT_NE(stores.error().message.find("records.db"), std::string::npos);
}

TEST_F(embedded_stores_test, does_not_make_the_files_folder_again_where_there_are_records) {
  open().value();
  fs::remove(data() / "objects");
  const auto stores = open();
  ASSERT_FALSE(stores);
  EXPECT_EQ(stores.error().code, base::error_code::unavailable);
  EXPECT_NE(stores.error().message.find((data() / "objects").string()), std::string::npos);
  EXPECT_NE(stores.error().message.find("Mount"), std::string::npos);
  EXPECT_FALSE(fs::exists(data() / "objects"));
}

TEST_F(embedded_stores_test, tells_the_state_of_migrations_without_making_anything) {
  const auto before = embedded_migration_status(data());
  ASSERT_TRUE(before) << before.error().message;
  ASSERT_FALSE(before->records.empty());
  EXPECT_FALSE(before->records[0].applied);
  EXPECT_FALSE(fs::exists(data()));
  open().value();
  const auto after = embedded_migration_status(data()).value();
  EXPECT_TRUE(after.records[0].applied);
  EXPECT_TRUE(after.catalog[0].applied);
}

TEST_F(embedded_stores_test, an_observer_hears_of_every_store) {
  std::set<std::string> heard;
  auto stores = open_embedded(data(), clock_, {.disk_threads = 1}, [&](auto store, auto, auto, bool worked) {
                  EXPECT_TRUE(worked);
                  heard.emplace(store);
                }).value();
  fakes::run_sync(stores.records->check()).value();
  fakes::run_sync(stores.objects->check()).value();
  fakes::run_sync(stores.catalog->check()).value();
  EXPECT_EQ(heard, (std::set<std::string>{"records", "objects", "catalog"}));
}

}  // namespace
}  // namespace dossier::stores
