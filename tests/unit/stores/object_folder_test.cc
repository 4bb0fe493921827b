#include "stores/objects/object_folder.h"

#include <array>
#include <fstream>
#include <thread>
#include <vector>

#include <fcntl.h>

#include <gtest/gtest.h>

#include "base/log.h"
#include "fakes/memory_source.h"
#include "fakes/run.h"
#include "fakes/temporary_folder.h"
#include "stores/objects/folder_mark.h"
#include "stores/objects/folder_objects.h"
#include "stores/objects/piece.h"

namespace dossier::stores {
namespace {

namespace fs = std::filesystem;

class object_folder_test : public testing::Test {
 protected:
  object_folder_test() {
    base::start_log(base::log_format::text, base::log_level::off);
    folder_.prepare().value();
  }

  static std::span<const std::byte> bytes(std::string_view text) { return std::as_bytes(std::span(text)); }
  int files() const {
    int count = 0;
    for (const auto& one : fs::recursive_directory_iterator(root())) count += one.is_regular_file() ? 1 : 0;
    return count;
  }
  fs::path root() const { return temporary_.path() / "objects"; }

  fakes::temporary_folder temporary_;
  object_folder folder_{root()};
  const domain::object_key key_{"ab" + std::string(30, '1')};
};

TEST_F(object_folder_test, lays_objects_out_by_the_first_two_digits) {
  auto draft = folder_.start(key_).value();
  folder_.append(draft, bytes("body")).value();
  folder_.finish(draft).value();
  EXPECT_TRUE(fs::exists(root() / "ab" / key_.value));
}

TEST_F(object_folder_test, nothing_has_a_name_before_it_is_finished) {
  {
    auto draft = folder_.start(key_).value();
    folder_.append(draft, bytes("body")).value();
    EXPECT_EQ(files(), draft.hidden_name ? 1 : 0);
    EXPECT_EQ(folder_.stat(key_).value(), std::nullopt);
    folder_.give_up(draft);
  }
  EXPECT_EQ(files(), 0);
}

TEST_F(object_folder_test, erasing_clears_away_what_a_cut_off_write_left) {
  fs::create_directory(root() / "ab");
  std::ofstream(root() / "ab" / ("." + key_.value)) << "half";
  folder_.erase(key_).value();
  EXPECT_EQ(files(), 0);
}

TEST_F(object_folder_test, what_is_not_an_object_is_not_listed) {
  fs::create_directory(root() / "ab");
  for (const auto* name : {".hidden", "README", "0123"}) std::ofstream(root() / "ab" / name) << "x";
  std::ofstream(root() / "ab" / ("." + key_.value)) << "half";
  EXPECT_TRUE(folder_.list({}, 10).value().empty());
}

TEST_F(object_folder_test, what_is_not_an_object_is_told_apart) {
  fs::create_directory(root() / "ab");
  fs::create_directory(root() / "lost+found");
  std::ofstream(root() / "README") << "x";
  std::ofstream(root() / "ab" / "a\nname") << "x";
  std::ofstream(root() / "ab" / std::string(32, '0')) << "in another's folder";
  std::ofstream(root() / "ab" / key_.value) << "an object";
  std::ofstream(root() / "ab" / ("." + key_.value)) << "half";
  const auto found = folder_.remains(10).value();
  EXPECT_EQ(found.strangers,
            (std::vector<std::string>{"README", "ab/" + std::string(32, '0'), "ab/a?name", "lost+found"}));
  EXPECT_EQ(found.unfinished, std::vector{key_});
  EXPECT_EQ(folder_.remains(2).value().strangers.size(), 2u);
}

TEST_F(object_folder_test, a_folder_that_is_gone_is_unavailable) {
  fs::remove_all(root());
  EXPECT_FALSE(folder_.list({}, 10));
  EXPECT_FALSE(folder_.remains(10));
  EXPECT_EQ(folder_.check().error().code, base::error_code::unavailable);
  EXPECT_FALSE(folder_.start(key_));
}

TEST_F(object_folder_test, an_observer_hears_of_failures_of_the_store_and_of_nobody_else) {
  struct call {
    std::string operation;
    bool worked;
    bool operator==(const call&) const = default;
  };
  std::vector<call> heard;
  base::blocking_pool pool(1);
  folder_objects store(
      std::make_unique<object_folder>(root()), pool,
      [&](auto, auto operation, auto, bool worked) { heard.push_back({std::string(operation), worked}); });

  fakes::memory_source aborted(std::string(700'000, 'x'));
  aborted.fail_after(600'000, {base::error_code::unavailable, "the client went away"});
  EXPECT_FALSE(fakes::run_sync(store.put(key_, aborted)));
  EXPECT_FALSE(fakes::run_sync(store.open(key_, 0, 1)));
  fs::remove_all(root());
  fakes::memory_source whole("body");
  EXPECT_FALSE(fakes::run_sync(store.put(key_, whole)));
  EXPECT_EQ(heard, (std::vector<call>{{"put", true}, {"open", false}, {"put", false}}));
}

// /dev/full answers every write as a full disk does.
TEST_F(object_folder_test, a_full_disk_is_no_space_and_nothing_is_left) {
  object_folder::draft draft{
      .key = key_, .file = descriptor(::open("/dev/full", O_WRONLY)), .size = 0, .hidden_name = false};
  const auto written = folder_.append(draft, bytes("body"));
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, base::error_code::no_space);
  EXPECT_EQ(files(), 0);
}

TEST_F(object_folder_test, a_reader_offers_what_is_left_as_a_stretch_of_a_file) {
  base::blocking_pool pool(1);
  folder_objects store(std::make_unique<object_folder>(root()), pool, {});
  fakes::memory_source source(std::string(300'000, 'x'));
  fakes::run_sync(store.put(key_, source)).value();
  const auto reader = fakes::run_sync(store.open(key_, 100, 200'000)).value();
  const auto region = reader->as_file();
  ASSERT_TRUE(region);
  EXPECT_EQ(region->offset, 100u);
  EXPECT_EQ(region->length, 200'000u);
  EXPECT_GE(region->descriptor, 0);
}

// --- What goes away under a running process

TEST_F(object_folder_test, folders_that_somebody_tidied_up_are_made_again) {
  for (const bool between : {false, true}) {
    auto draft = folder_.start(key_).value();
    fs::remove(root() / "ab");
    if (!between) {
      draft = folder_.start(key_).value();
    }
    folder_.append(draft, bytes("body")).value();
    folder_.finish(draft).value();
    EXPECT_EQ(folder_.stat(key_).value(), 4u) << between;
    folder_.erase(key_).value();
  }
}

TEST_F(object_folder_test, nothing_is_kept_or_erased_in_another_folder_in_its_place) {
  auto started = folder_.start(key_).value();
  folder_.append(started, bytes("body")).value();
  const auto other = temporary_.path() / "elsewhere";
  fs::rename(root(), other);
  EXPECT_EQ(folder_.start(key_).error().code, base::error_code::unavailable);
  fs::copy(other, root(), fs::copy_options::recursive);
  EXPECT_EQ(folder_.start(key_).error().code, base::error_code::unavailable);
  EXPECT_FALSE(folder_.finish(started));
  EXPECT_FALSE(folder_.erase(key_)) << "it would be confirmed as gone";
  EXPECT_FALSE(folder_.check());
  EXPECT_EQ(files(), 0);

  fs::remove_all(root());
  fs::rename(other, root());
  EXPECT_TRUE(folder_.check());
  auto again = folder_.start(key_).value();
  folder_.append(again, bytes("body")).value();
  folder_.finish(again).value();
  EXPECT_EQ(folder_.stat(key_).value(), 4u);
}

TEST_F(object_folder_test, a_mark_that_cannot_be_understood_is_told_and_can_be_given_anew) {
  std::ofstream(root() / "dossier-records") << "no identity";
  EXPECT_FALSE(folder_.owner());
  EXPECT_FALSE(folder_.claim({std::string(32, 'a')}));
  folder_.give({std::string(32, 'b')}).value();
  EXPECT_EQ(folder_.owner().value(), domain::records_identity{std::string(32, 'b')});
  EXPECT_EQ(files(), 1) << "and nothing of its writing is left";
}

TEST_F(object_folder_test, is_claimed_by_one_of_many_at_the_same_time) {
  for (int round = 0; round < 50; ++round) {
    fs::remove(root() / mark_name);
    std::array<std::string, 6> answers;
    {
      std::vector<std::jthread> threads;
      for (std::size_t i = 0; i < answers.size(); ++i) {
        threads.emplace_back([&, i] {
          const std::string own(32, static_cast<char>('a' + i));
          const auto owner = folder_.claim({own});
          answers[i] = owner ? owner->value : owner.error().message;
        });
      }
    }
    for (const auto& each : answers) ASSERT_EQ(each, answers[0]);
    EXPECT_TRUE(domain::is_identity(answers[0])) << answers[0];
  }
  EXPECT_EQ(files(), 1) << "no draft is left";
}

// Thousands of uploads may stand still after they gave their bytes back.
TEST_F(object_folder_test, a_piece_that_gave_its_bytes_back_keeps_no_memory) {
  piece gathered(16 * 1024);
  const std::string much(8 * 1024, 'x');
  gathered.add(bytes(much));
  gathered.give_back();
  EXPECT_TRUE(gathered.empty());
  EXPECT_LT(gathered.take().capacity(), 100u);
}

}  // namespace
}  // namespace dossier::stores
