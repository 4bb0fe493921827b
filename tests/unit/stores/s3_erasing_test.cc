// An erased object must be seen to be gone: in buckets that once kept versions, under locks, and in stores
// that do not know the calls.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "stores/s3_world.h"

namespace dossier {
namespace {

using base::error_code;
using fakes::memory_s3;
using fakes::run_sync;

base::result<void> erase(s3_world& world) {
  return run_sync(world.store->erase(world.key()));
}

TEST(s3_erasing, leaves_nothing_in_a_bucket_whose_versions_were_suspended) {
  for (const bool named : {true, false}) {
    for (const int puts_since : {0, 1, 2}) {
      s3_world world;
      world.s3.versioned = true;
      ASSERT_TRUE(world.put("before"));
      ASSERT_TRUE(world.put("before too"));
      world.s3.versioned = false;
      world.s3.suspended = true;
      world.s3.names_versions = named;
      for (int i = 0; i < puts_since; ++i) ASSERT_TRUE(world.put("since"));
      ASSERT_EQ(world.s3.versions(), puts_since == 0 ? 2u : 3u);
      ASSERT_TRUE(erase(world));
      EXPECT_TRUE(world.nothing_left()) << named << puts_since;
    }
  }
}

TEST(s3_erasing, leaves_nothing_where_a_bucket_says_nothing_of_its_versions) {
  s3_world world;
  world.s3.versioned = true;
  ASSERT_TRUE(world.put("old"));
  world.s3.on("DeleteObject", 0, {.answer = aws::response{.status = 204}, .happens_all_the_same = true});
  ASSERT_TRUE(erase(world));
  EXPECT_TRUE(world.nothing_left());
}

TEST(s3_erasing, leaves_nothing_however_short_the_pages_are) {
  s3_world world;
  world.s3.versioned = true;
  world.s3.longest_page = 1;
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(world.put("again"));
  ASSERT_TRUE(world.put("other", 2));
  ASSERT_TRUE(erase(world));
  EXPECT_EQ(world.s3.versions(), 1u) << "another's";
}

TEST(s3_erasing, is_not_done_by_a_store_that_only_says_so) {
  s3_world world;
  world.s3.versioned = true;
  ASSERT_TRUE(world.put("old"));
  world.s3.on("DeleteObject", -1, {.answer = aws::response{.status = 204}});
  EXPECT_EQ(erase(world).error().code, error_code::unavailable);
  world.s3.all_is_well();
  ASSERT_TRUE(erase(world));
  EXPECT_TRUE(world.nothing_left());
}

TEST(s3_erasing, is_owed_until_a_lock_ends) {
  for (const auto lock : {memory_s3::lock::retention, memory_s3::lock::legal_hold}) {
    s3_world world;
    world.s3.versioned = true;
    ASSERT_TRUE(world.put("first"));
    ASSERT_TRUE(world.put("second"));
    world.s3.hold(world.name(), lock);
    for (int i = 0; i < 2; ++i) {
      const auto done = erase(world);
      ASSERT_FALSE(done);
      EXPECT_EQ(done.error().code, error_code::unavailable);
      EXPECT_EQ(done.error().retry_after, std::chrono::hours(1));
    }
    EXPECT_EQ(run_sync(world.store->stat(world.key())).value(), std::nullopt) << "hidden at least";
    world.s3.hold(world.name(), memory_s3::lock::none);
    ASSERT_TRUE(erase(world));
    EXPECT_TRUE(world.nothing_left());
  }
}

// A refusal to erase a version, when the role may not see the lock itself.
struct refusal {
  const char* message;
  memory_s3::fault configuration;
  bool is_lock;
};

TEST(s3_erasing, knows_a_lock_from_a_permission_that_was_not_given) {
  const auto on =
      memory_s3::fault{.answer = aws::response{.status = 200,
                                               .body = "<ObjectLockConfiguration><ObjectLockEnabled>Enabled"
                                                       "</ObjectLockEnabled></ObjectLockConfiguration>"}};
  const auto none = memory_s3::answer(404, "ObjectLockConfigurationNotFoundError");
  const auto secret = memory_s3::answer(403, "AccessDenied");
  const std::vector<refusal> all{
      {"Access Denied because object protected by object lock.", secret, true},
      {"Object is WORM protected and cannot be overwritten", none, true},
      {"Access Denied", on, true},
      {"Access Denied", secret, true},
      {"Access Denied", none, false},
      {"Access Denied", memory_s3::answer(501, "NotImplemented"), false},
      {"User: arn:aws:sts::1:role/x is not authorized to perform: s3:DeleteObjectVersion", secret, false}};
  for (const auto& one : all) {
    s3_world world;
    world.s3.versioned = true;
    ASSERT_TRUE(world.put("first"));
    world.s3.on("DeleteObject", 1, memory_s3::refused(one.message));  // the version, not the marker
    world.s3.on("GetObjectLockConfiguration", -1, one.configuration);
    EXPECT_EQ(erase(world).has_value(), !one.is_lock) << one.message;
    EXPECT_EQ(run_sync(world.store->stat(world.key())).value(), std::nullopt) << "what is hidden stays so";
  }
}

TEST(s3_erasing, goes_on_in_stores_that_list_no_versions_or_uploads) {
  for (const auto* operation : {"ListObjectVersions", "ListMultipartUploads"}) {
    for (const auto& refused :
         {memory_s3::answer(501, "NotImplemented"), memory_s3::answer(405, "MethodNotAllowed"),
          memory_s3::fault{.answer = aws::response{.status = 501}}}) {
      s3_world world;
      ASSERT_TRUE(world.put("body"));
      world.s3.on(operation, -1, refused);
      ASSERT_TRUE(erase(world)) << operation;
      EXPECT_TRUE(world.nothing_left());
    }
  }
  s3_world world;
  world.s3.lists_versions = false;
  ASSERT_TRUE(world.put("body"));
  ASSERT_TRUE(erase(world));
  EXPECT_TRUE(world.nothing_left());
}

TEST(s3_erasing, is_not_done_while_the_object_is_seen) {
  s3_world world;
  ASSERT_TRUE(world.put("body"));
  world.s3.on("ListObjectVersions", -1, memory_s3::answer(501, "NotImplemented"));
  world.s3.on("DeleteObject", -1, {.answer = aws::response{.status = 204}});
  EXPECT_EQ(erase(world).error().code, error_code::unavailable);
}

}  // namespace
}  // namespace dossier
