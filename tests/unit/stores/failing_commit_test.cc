// A COMMIT that fails: when the transaction has certainly failed, and when nobody can know.
#include <gtest/gtest.h>

#include "base/log.h"
#include "fakes/failing_disk.h"
#include "fakes/manual_clock.h"
#include "fakes/run.h"
#include "fakes/temporary_folder.h"
#include "stores/sql/query.h"
#include "stores/sql/sqlite/sqlite_driver.h"

namespace dossier::stores::sql {
namespace {

using base::error_code;
using base::result;

class failing_commit_test : public testing::Test {
 protected:
  failing_commit_test() {
    base::start_log(base::log_format::text, base::log_level::off);
    driver_ = open(folder_.path());
    fakes::run_sync(driver_->write("create", [](connection& on) -> result<void> {
      on.run_script("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL)");
      return {};
    })).value();
  }

  std::unique_ptr<sqlite_driver> open(const std::filesystem::path& folder) {
    return std::make_unique<sqlite_driver>("notes", folder / "notes.db", clock_, base::call_observer());
  }
  result<void> add(std::int64_t id, std::string text = "x") {
    return fakes::run_sync(driver_->write("add", [id, text](connection& on) -> result<void> {
      execute(on, "INSERT INTO note (id, text) VALUES (?, ?)", id, text);
      return {};
    }));
  }
  static std::vector<std::int64_t> ids_in(driver& which) {
    return fakes::run_sync(which.read("ids",
                                      [](connection& on) -> result<std::vector<std::int64_t>> {
                                        std::vector<std::int64_t> ids;
                                        query rows(on, "SELECT id FROM note ORDER BY id");
                                        while (rows.next()) ids.push_back(rows.integer(0));
                                        return ids;
                                      }))
        .value();
  }
  // What the next process finds when this one is killed here.
  std::vector<std::int64_t> ids_after_a_crash() {
    const fakes::temporary_folder copy;
    for (const auto* name : {"notes.db", "notes.db-wal"}) {
      std::filesystem::copy_file(folder_.path() / name, copy.path() / name);
    }
    return ids_in(*open(copy.path()));
  }

  using numbers = std::vector<std::int64_t>;
  fakes::failing_disk disk_;
  fakes::temporary_folder folder_;
  fakes::manual_clock clock_;
  std::unique_ptr<sqlite_driver> driver_;
};

TEST_F(failing_commit_test, may_have_happened_when_its_sync_fails) {
  fakes::failing_disk::fail_syncs(1);
  const auto added = add(1);
  ASSERT_EQ(fakes::failing_disk::failed(), 1);
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code, error_code::unavailable);
  EXPECT_TRUE(added.error().may_have_happened);
  EXPECT_EQ(ids_in(*driver_), numbers{});
  // This is why nobody can know: the transaction is in the log.
  EXPECT_EQ(ids_after_a_crash(), numbers{1});
  // The next one is written over it.
  ASSERT_TRUE(add(2));
  EXPECT_EQ(ids_in(*driver_), numbers{2});
  EXPECT_EQ(ids_after_a_crash(), numbers{2});
}

TEST_F(failing_commit_test, did_not_happen_when_there_is_no_room) {
  for (int nth = 1; nth <= 2; ++nth) {
    // All writes fail: a transaction that finds no room is tried again once the log is empty.
    fakes::failing_disk::fail_writes(1'000'000);
    const auto added = add(nth);
    fakes::failing_disk::fail_writes(0);
    ASSERT_GT(fakes::failing_disk::failed(), 0);
    ASSERT_FALSE(added);
    EXPECT_EQ(added.error().code, error_code::no_space);
    EXPECT_FALSE(added.error().may_have_happened);
    EXPECT_EQ(ids_in(*driver_), numbers{});
    EXPECT_EQ(ids_after_a_crash(), numbers{});
  }
  EXPECT_TRUE(add(3, std::string(100'000, 'x')));
  EXPECT_EQ(ids_after_a_crash(), numbers{3});
  fakes::failing_disk::fail_writes(1);
  EXPECT_TRUE(add(4)) << "there was room after all";
  EXPECT_EQ(ids_after_a_crash(), (numbers{3, 4}));
}

TEST_F(failing_commit_test, is_no_matter_of_a_transaction_that_was_refused) {
  ASSERT_TRUE(add(1));
  fakes::failing_disk::fail_syncs(1);
  const auto again = add(1);  // there is one already
  ASSERT_FALSE(again);
  EXPECT_FALSE(again.error().may_have_happened);
  EXPECT_EQ(fakes::failing_disk::failed(), 0);
  fakes::failing_disk::fail_syncs(0);
}

}  // namespace
}  // namespace dossier::stores::sql
