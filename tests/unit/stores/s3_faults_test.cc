// Each call to S3 goes wrong in turn, in each way: the store's answer must then be true, and erasing must
// leave nothing.
#include <gtest/gtest.h>

#include "stores/s3_world.h"

namespace dossier {
namespace {

using base::error_code;
using fakes::memory_s3;

struct way {
  const char* name;
  memory_s3::fault fault;
  int calls;  // how many in a row go wrong: a call is tried three times
};

std::vector<way> ways() {
  return {{"cut off once", memory_s3::lost(false), 1},
          {"cut off", memory_s3::lost(false), 3},
          {"done, but cut off once", memory_s3::lost(true), 1},
          {"done, but cut off", memory_s3::lost(true), 3},
          {"away from here on", memory_s3::lost(false), 1'000},
          {"done, then away", memory_s3::lost(true), 1'000},
          {"slower", memory_s3::answer(503, "SlowDown"), 1},
          {"failing", memory_s3::answer(500, "InternalError"), 3},
          {"refused", memory_s3::answer(403, "AccessDenied"), 1},
          {"misunderstood", memory_s3::answer(400, "InvalidRequest"), 1}};
}

// Runs `attempt` with call 0, 1, 2, … going wrong until there is no such call.
template <class Prepare, class Attempt>
void at_every_call(bool versioned, Prepare prepare, Attempt attempt) {
  for (const auto& one : ways()) {
    for (int number = 0;; ++number) {
      s3_world world;
      world.s3.versioned = versioned;
      prepare(world);
      const int before = static_cast<int>(world.s3.calls().size());
      world.s3.at(before + number, one.calls, one.fault);
      SCOPED_TRACE(testing::Message() << one.name << " at call " << number);
      attempt(world);
      if (static_cast<int>(world.s3.calls().size()) <= before + number) break;
      world.s3.all_is_well();
      ASSERT_TRUE(fakes::run_sync(world.store->erase(world.key())));
      ASSERT_TRUE(world.nothing_left()) << world.s3.versions() << " " << world.s3.uploads();
    }
  }
}

TEST(s3_faults, a_file_is_stored_whole_or_can_be_erased_wholly) {
  for (const std::size_t length : {100, 900, 4'500}) {
    at_every_call(
        false, [](s3_world&) {},
        [&](s3_world& world) {
          const auto done = world.put(world.bytes(length));
          EXPECT_EQ(world.store->staged(), 0u);
          if (done) {
            ASSERT_NE(world.s3.find(world.name()), nullptr);
            EXPECT_EQ(world.s3.find(world.name())->bytes, world.bytes(length));
            EXPECT_EQ(world.s3.parts(), 0u) << "bytes that nobody needs";
            return;
          }
          EXPECT_TRUE(done.error().code == error_code::unavailable ||
                      done.error().code == error_code::internal);
          // An object that is there in spite of the error is whole.
          if (const auto* found = world.s3.find(world.name())) EXPECT_EQ(found->bytes, world.bytes(length));
        });
  }
}

TEST(s3_faults, an_erasure_that_failed_can_be_done_again) {
  for (const bool versioned : {false, true}) {
    at_every_call(
        versioned,
        [](s3_world& world) {
          ASSERT_TRUE(world.put("first"));
          ASSERT_TRUE(world.put("second"));
          world.s3.begin_upload(world.name());
        },
        [](s3_world& world) {
          const auto done = fakes::run_sync(world.store->erase(world.key()));
          if (done) EXPECT_EQ(world.s3.find(world.name()), nullptr);
        });
  }
}

TEST(s3_faults, a_reading_tells_the_truth_or_fails) {
  at_every_call(
      false, [](s3_world& world) { ASSERT_TRUE(world.put(world.bytes(4'500))); },
      [](s3_world& world) {
        world.s3.break_downloads_after(2'000);
        auto opened = fakes::run_sync(world.store->open(world.key(), 0, 4'500));
        if (!opened) {
          EXPECT_NE(opened.error().code, error_code::not_found);
          return;
        }
        const auto read = fakes::run_sync(fakes::read_all(**opened));
        if (read) EXPECT_EQ(*read, world.bytes(4'500));
      });
  at_every_call(
      false, [](s3_world& world) { ASSERT_TRUE(world.put("body")); },
      [](s3_world& world) {
        const auto size = fakes::run_sync(world.store->stat(world.key()));
        if (size) EXPECT_EQ(*size, 4u) << "an object that is there is never said to be absent";
      });
}

}  // namespace
}  // namespace dossier
