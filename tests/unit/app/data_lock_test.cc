#include "app/store_settings.h"

#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fakes/temporary_folder.h"

namespace dossier::app {
namespace {

using ::testing::HasSubstr;

class data_folder : public ::testing::Test {
 protected:
  const fakes::temporary_folder folder;
  const std::filesystem::path& path = folder.path();
};

TEST_F(data_folder, is_served_by_one_at_a_time_and_the_second_is_told_by_whom) {
  const auto first = data_lock::acquire(path);
  ASSERT_TRUE(first);
  const auto second = data_lock::acquire(path);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, base::error_code::conflict);
  EXPECT_THAT(second.error().message, HasSubstr(std::to_string(getpid())));
  EXPECT_THAT(second.error().message, HasSubstr(path.string()));
}

TEST_F(data_folder, is_free_again_when_the_lock_is_gone) {
  {
    const auto first = data_lock::acquire(path);
  }
  EXPECT_TRUE(data_lock::acquire(path));
}

TEST_F(data_folder, is_made_when_it_is_missing_for_its_owner_only) {
  const auto inner = path / "a" / "b";
  const auto lock = data_lock::acquire(inner);
  ASSERT_TRUE(lock);
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(inner).permissions() & perms::mask, perms::owner_all);
}

TEST_F(data_folder, that_cannot_be_is_said) {
  std::ofstream(path / "file") << "not a folder";
  const auto lock = data_lock::acquire(path / "file" / "data");
  ASSERT_FALSE(lock);
  EXPECT_EQ(lock.error().code, base::error_code::unavailable);
  EXPECT_THAT(lock.error().message, HasSubstr("--data"));
}

// A limit on the size of files is as good as a full disk: nothing more can be written.
class no_room_to_write {
 public:
  no_room_to_write() : before_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &limit_);
    rlimit none = limit_;
    none.rlim_cur = 0;
    setrlimit(RLIMIT_FSIZE, &none);
  }
  ~no_room_to_write() {
    setrlimit(RLIMIT_FSIZE, &limit_);
    std::signal(SIGXFSZ, before_);
  }
  no_room_to_write(const no_room_to_write&) = delete;
  no_room_to_write& operator=(const no_room_to_write&) = delete;

 private:
  void (*before_)(int);
  rlimit limit_{};
};

TEST_F(data_folder, is_served_on_a_full_disk_too_and_nobody_is_told_a_wrong_process) {
  std::ofstream(path / "lock") << "4711\n";
  const no_room_to_write full;
  const auto first = data_lock::acquire(path);
  ASSERT_TRUE(first) << first.error().message;
  const auto second = data_lock::acquire(path);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, HasSubstr("Another process already serves"));
}

TEST_F(data_folder, names_its_process_over_a_longer_text_that_stood_there) {
  std::ofstream(path / "lock") << "123456789123456789123456789\n";
  const auto first = data_lock::acquire(path);
  const auto second = data_lock::acquire(path);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, HasSubstr("The process " + std::to_string(getpid()) + " already"));
}

}  // namespace
}  // namespace dossier::app
