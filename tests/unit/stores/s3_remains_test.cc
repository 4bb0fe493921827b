// Finds what broken uploads left in the bucket, and what in it is not ours. The S3 in memory answers with
// short pages, and lists uploads under other prefixes too.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "stores/s3_world.h"

namespace dossier {
namespace {

using fakes::run_sync;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

std::vector<std::string> unfinished(s3_world& world, int limit = 100) {
  std::vector<std::string> keys;
  for (const auto& key : run_sync(world.store->remains(limit)).value().unfinished) keys.push_back(key.value);
  return keys;
}

std::vector<std::string> strangers(s3_world& world, int limit = 100) {
  return run_sync(world.store->remains(limit)).value().strangers;
}

void put_stranger(s3_world& world, const std::string& name) {
  ASSERT_TRUE(run_sync(world.s3.send({.method = "PUT", .url = "http://memory/bucket/" + name})));
}

TEST(s3_remains, are_uploads_under_keys_of_ours_and_no_others) {
  s3_world world;
  EXPECT_THAT(unfinished(world), IsEmpty());
  const auto key = world.key(1).value;
  for (const auto& name : {"files/" + key, "other/" + key, "files/sub/" + key, "files/" + key + "0", key,
                           std::string("files/report.pdf"), std::string("files/")}) {
    world.s3.begin_upload(name);
  }
  EXPECT_THAT(unfinished(world), ElementsAre(key));
  ASSERT_TRUE(run_sync(world.store->erase(world.key(1))));
  EXPECT_THAT(unfinished(world), IsEmpty());
  EXPECT_EQ(world.s3.uploads(), 6u) << "those of others stay";
}

TEST(s3_remains, name_a_key_once_however_many_uploads_it_has) {
  s3_world world;
  for (int i = 0; i < 5; ++i) world.s3.begin_upload(world.name(1));
  world.s3.begin_upload(world.name(2));
  for (const std::size_t page : {1, 2, 1'000}) {
    world.s3.longest_page = page;
    EXPECT_THAT(unfinished(world), ElementsAre(world.key(1).value, world.key(2).value)) << page;
  }
}

TEST(s3_remains, are_found_on_every_page) {
  s3_world world;
  world.s3.longest_page = 3;
  std::vector<std::string> ours;
  for (int i = 1; i <= 7; ++i) {
    world.s3.begin_upload(world.name(i));
    world.s3.begin_upload("files/a-stranger-" + std::to_string(i));
    put_stranger(world, "files/name-" + std::to_string(i));
    ours.push_back(world.key(i).value);
  }
  ASSERT_TRUE(world.put("of ours", 8));
  EXPECT_EQ(unfinished(world), ours);
  EXPECT_EQ(world.s3.count("ListMultipartUploads"), 5);
  EXPECT_EQ(strangers(world).size(), 7u);
  EXPECT_EQ(unfinished(world, 5).size(), 5u) << "no more than were asked for";
  EXPECT_EQ(strangers(world, 5).size(), 5u);
}

TEST(s3_remains, tell_what_else_lies_under_the_prefix) {
  s3_world world;
  ASSERT_TRUE(world.put("of ours"));
  for (const auto* name : {"files/README", "files/sub/00000000000000000000000000000009", "elsewhere"}) {
    put_stranger(world, name);
  }
  EXPECT_THAT(strangers(world),
              UnorderedElementsAre("files/README", "files/sub/00000000000000000000000000000009"));
}

TEST(s3_remains, are_not_told_by_halves) {
  for (const auto* operation : {"ListMultipartUploads", "ListObjectsV2"}) {
    s3_world world;
    world.s3.longest_page = 1;
    for (int i = 1; i <= 3; ++i) {
      world.s3.begin_upload(world.name(i));
      ASSERT_TRUE(world.put("body", i));
    }
    world.s3.on(operation, 1, fakes::memory_s3::answer(403, "AccessDenied"));
    EXPECT_FALSE(run_sync(world.store->remains(100))) << operation;
  }
}

}  // namespace
}  // namespace dossier
