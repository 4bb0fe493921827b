// A database whose files go away, or are replaced, under a running process.
#include <filesystem>
#include <fstream>

#include "sqlite_driver_test.h"

namespace dossier::stores::sql {
namespace {

class sqlite_files_test : public sqlite_driver_test {};

TEST_F(sqlite_files_test, a_database_that_was_removed_takes_nothing_more_and_can_still_be_read) {
  run(add(1)).value();
  EXPECT_EQ(count(), 1);  // this thread has a connection
  std::filesystem::remove(file());
  const auto refused = run(add(2));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, error_code::unavailable);
  EXPECT_EQ(refused.error().message.find(folder_.path().string()), std::string::npos) << "for anyone to read";
  EXPECT_EQ(count(), 1);
  EXPECT_FALSE(driver_->look());
}

TEST_F(sqlite_files_test, a_folder_that_was_renamed_is_written_again_once_it_is_back) {
  const auto inner = folder_.path() / "inner";
  std::filesystem::create_directory(inner);
  const sqlite_limits limits;
  sqlite_driver moved("notes", inner / "notes.db", clock_, {}, limits);
  const auto write = [&](const std::string& sql) {
    return run(moved.write("write", [sql](connection& on) -> result<void> {
      on.run_script(sql);
      return {};
    }));
  };
  write("CREATE TABLE note (id INTEGER PRIMARY KEY)").value();
  std::filesystem::rename(inner, folder_.path() / "elsewhere");
  EXPECT_FALSE(write("INSERT INTO note VALUES (1)"));
  std::filesystem::create_directory(inner);
  EXPECT_FALSE(write("INSERT INTO note VALUES (1)")) << "an empty folder in its place";
  std::filesystem::remove(inner);
  std::filesystem::rename(folder_.path() / "elsewhere", inner);
  EXPECT_TRUE(write("INSERT INTO note VALUES (1)"));
  EXPECT_TRUE(moved.look());
}

TEST_F(sqlite_files_test, a_copy_in_its_place_is_not_the_database_neither_to_write_nor_to_read) {
  run(add(1)).value();
  open({});  // the log is in the database
  run(add(2)).value();
  const auto copy = folder_.path() / "copy.db";
  std::filesystem::copy_file(file(), copy);
  std::filesystem::rename(copy, file());
  EXPECT_FALSE(run(add(3)));
  base::result<std::int64_t> read = 0;
  std::thread([&] {
    read = run(driver_->read("count", [](connection& on) -> result<std::int64_t> {
      query row(on, "SELECT COUNT(*) FROM note");
      row.next();
      return row.integer(0);
    }));
  }).join();
  EXPECT_FALSE(read) << "a thread that did not read before would see the copy";
}

TEST_F(sqlite_files_test, a_log_that_was_removed_is_noticed_and_what_was_acknowledged_is_kept) {
  run(add(1)).value();
  ASSERT_TRUE(std::filesystem::remove(file().string() + "-wal"));
  EXPECT_FALSE(run(add(2)));
  EXPECT_FALSE(driver_->look());
  open({});
  EXPECT_EQ(count(), 1);
  EXPECT_TRUE(run(add(2)));
}

TEST_F(sqlite_files_test, the_logs_index_is_watched_too) {
  run(add(1)).value();
  ASSERT_TRUE(std::filesystem::remove(file().string() + "-shm"));
  EXPECT_FALSE(run(add(2)));
  open({});
  EXPECT_EQ(count(), 1);
}

TEST_F(sqlite_files_test, many_that_wait_together_are_all_refused) {
  std::filesystem::remove(file());
  asio::io_context loop(1);
  int refused = 0;
  for (int i = 1; i <= 40; ++i) {
    asio::co_spawn(loop, add(i), [&](const std::exception_ptr&, const result<void>& answer) {
      refused += !answer && answer.error().code == error_code::unavailable ? 1 : 0;
    });
  }
  loop.run();
  EXPECT_EQ(refused, 40);
}

}  // namespace
}  // namespace dossier::stores::sql
