#include "stores/objects/s3_objects.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "stores/s3_world.h"

namespace dossier {
namespace {

using base::error_code;
using fakes::memory_s3;
using fakes::run_sync;
using testing::ElementsAre;

base::result<std::string> get(s3_world& world, std::uint64_t offset, std::uint64_t length) {
  auto opened = run_sync(world.store->open(world.key(), offset, length));
  if (!opened) return base::pass(opened);
  return run_sync(fakes::read_all(**opened));
}

TEST(s3_objects, go_on_where_a_download_broke_off) {
  s3_world world;
  ASSERT_TRUE(world.put(world.bytes(5'000)));
  world.s3.break_downloads_after(2'000);
  EXPECT_EQ(get(world, 100, 4'000).value(), world.bytes(5'000).substr(100, 4'000));
  EXPECT_EQ(world.s3.count("GetObject"), 2);
  EXPECT_EQ(*aws::find_header(world.s3.last("GetObject").headers, "Range"), "bytes=2100-4099");
  EXPECT_NE(aws::find_header(world.s3.last("GetObject").headers, "If-Match"), nullptr);
}

TEST(s3_objects, do_not_go_on_for_ever) {
  s3_world world;
  ASSERT_TRUE(world.put(world.bytes(5'000)));
  world.s3.break_downloads_after(10);
  EXPECT_EQ(get(world, 0, 5'000).error().code, error_code::unavailable);
  EXPECT_EQ(world.s3.count("GetObject"), 4);
}

TEST(s3_objects, do_not_go_on_with_another_version) {
  s3_world world;
  ASSERT_TRUE(world.put(world.bytes(5'000)));
  world.s3.break_downloads_after(2'000);
  auto opened = run_sync(world.store->open(world.key(), 0, 5'000));
  ASSERT_TRUE(opened);
  ASSERT_TRUE(world.put(std::string(5'000, 'x')));
  EXPECT_EQ(run_sync(fakes::read_all(**opened)).error().code, error_code::unavailable);
}

TEST(s3_objects, an_observer_hears_the_same_as_of_a_folder) {
  s3_world world;
  fakes::memory_source aborted(std::string(700, 'x'));
  aborted.fail_after(600, {error_code::unavailable, "the client went away"});
  EXPECT_FALSE(run_sync(world.store->put(world.key(), aborted)));
  EXPECT_EQ(get(world, 0, 1).error().code, error_code::not_found);
  EXPECT_EQ(run_sync(world.store->stat(world.key())).value(), std::nullopt);
  world.s3.on("PutObject", -1, memory_s3::answer(403, "AccessDenied"));
  EXPECT_FALSE(world.put("body"));
  EXPECT_EQ(world.observed, "put+open-stat+put-");
}

TEST(s3_objects, ask_nothing_to_open_nothing) {
  s3_world world;
  EXPECT_EQ(get(world, 0, 0).value(), "");
  EXPECT_TRUE(world.s3.calls().empty());
}

TEST(s3_objects, refuse_a_whole_object_where_a_range_was_asked_for) {
  s3_world world;
  auto whole = aws::response{.status = 200, .headers = {{"Content-Length", "5000"}}, .body = "x"};
  world.s3.on("GetObject", -1, {.answer = whole});
  EXPECT_FALSE(get(world, 100, 10));
}

TEST(s3_objects, refuse_a_whole_object_where_its_start_was_asked_for) {
  s3_world world;
  auto whole =
      aws::response{.status = 200, .headers = {{"Content-Length", "5000"}}, .body = std::string(5'000, 'x')};
  world.s3.on("GetObject", -1, {.answer = whole});
  EXPECT_FALSE(get(world, 0, 10));
  world.s3.on("GetObject", -1,
              {.answer = aws::response{.status = 200, .headers = {{"Content-Length", "1"}}, .body = "x"}});
  EXPECT_EQ(get(world, 0, 1).value(), "x") << "all of it was asked for";
}

TEST(s3_objects, refuse_another_range_than_was_asked_for) {
  for (const auto* range :
       {"bytes 0-9/5000", "bytes 99-108/5000", "bytes 101-110/5000", "bytes */5000", "bytes 100-5000/5000",
        "bytes 110-100/5000", "100-109/5000", "bytes 100-109", ""}) {
    s3_world world;
    auto other = aws::response{.status = 206, .headers = {{"Content-Range", range}}, .body = "0123456789"};
    world.s3.on("GetObject", -1, {.answer = other});
    EXPECT_EQ(get(world, 100, 10).error().code, error_code::unavailable) << range;
  }
  s3_world world;
  auto asked = aws::response{
      .status = 206, .headers = {{"Content-Range", "bytes 100-109/5000"}}, .body = "0123456789"};
  world.s3.on("GetObject", -1, {.answer = asked});
  EXPECT_EQ(get(world, 100, 10).value(), "0123456789");
}

TEST(s3_objects, are_away_when_their_bucket_is_gone) {
  s3_world world;
  world.s3.on("GetObject", -1, memory_s3::answer(404, "NoSuchBucket"));
  world.s3.on("HeadBucket", -1, {.answer = aws::response{.status = 404}});
  world.s3.on("DeleteObject", -1, memory_s3::answer(404, "NoSuchBucket"));
  EXPECT_EQ(get(world, 0, 1).error().code, error_code::unavailable);
  EXPECT_EQ(run_sync(world.store->stat(world.key())).error().code, error_code::unavailable);
  EXPECT_EQ(run_sync(world.store->erase(world.key())).error().code, error_code::unavailable);
  EXPECT_EQ(run_sync(world.store->check()).error().code, error_code::unavailable);
}

TEST(s3_objects, never_show_what_s3_said) {
  s3_world world;
  world.s3.on("HeadObject", -1, memory_s3::answer(403, "AccessDenied"));
  const auto problem = run_sync(world.store->stat(world.key())).error();
  EXPECT_EQ(problem.code, error_code::internal);
  EXPECT_THAT(problem.message, testing::Not(testing::HasSubstr("Denied")));
}

TEST(s3_objects, say_that_trying_again_does_not_help_where_they_may_not_be_written) {
  for (const std::size_t length : {100, 900, 4'500}) {
    s3_world world;
    for (const auto* operation : {"PutObject", "UploadPart", "CreateMultipartUpload"}) {
      world.s3.on(operation, -1, memory_s3::answer(403, "AccessDenied"));
    }
    const auto problem = world.put(world.bytes(length)).error();
    EXPECT_EQ(problem.code, error_code::internal);
    EXPECT_THAT(problem.message, testing::HasSubstr("trying again will not help"));
    EXPECT_EQ(problem.retry_after, std::nullopt);
    world.s3.on("PutObject", -1, memory_s3::answer(403, "ExpiredToken"));
    world.s3.on("CreateMultipartUpload", -1, memory_s3::answer(403, "ExpiredToken"));
    EXPECT_EQ(world.put(world.bytes(length)).error().code, error_code::unavailable) << "that passes";
  }
}

TEST(s3_objects, list_only_what_is_theirs) {
  s3_world world;
  ASSERT_TRUE(world.put("a", 1));
  ASSERT_TRUE(world.put("bb", 2));
  for (const auto* other : {"files/file-id-7",
                            "files/sub/"
                            "00000000000000000000000000000009",
                            "elsewhere"}) {
    const auto request =
        aws::http_request{.method = "PUT", .url = std::string("http://memory/bucket/") + other};
    ASSERT_TRUE(run_sync(world.s3.send(request)));
  }
  const auto listed = run_sync(world.store->list({}, 10)).value();
  ASSERT_EQ(listed.size(), 2u);
  EXPECT_EQ(listed[0].key, world.key(1));
  EXPECT_EQ(listed[1].size, 2u);
}

TEST(s3_objects, leave_no_unfinished_upload_when_erased) {
  s3_world world;
  ASSERT_TRUE(world.put("body"));
  world.s3.begin_upload(world.name());
  world.s3.begin_upload(world.name());
  world.s3.begin_upload(world.name() + "0");
  world.s3.begin_upload(world.name(2));
  ASSERT_TRUE(run_sync(world.store->erase(world.key())));
  EXPECT_EQ(world.s3.find(world.name()), nullptr);
  EXPECT_EQ(world.s3.uploads(), 2u) << "those of other keys are not touched";
}

TEST(s3_objects, are_erased_with_two_looks_and_one_deletion) {
  s3_world world;
  ASSERT_TRUE(world.put("body"));
  ASSERT_TRUE(run_sync(world.store->erase(world.key())));
  EXPECT_THAT(world.s3.calls(),
              ElementsAre("PutObject", "ListMultipartUploads", "DeleteObject", "ListObjectVersions"));
}

TEST(s3_objects, leave_no_version_and_no_marker_when_erased) {
  s3_world world;
  world.s3.versioned = true;
  ASSERT_TRUE(world.put("first"));
  ASSERT_TRUE(world.put("second"));
  ASSERT_TRUE(world.put("other", 2));
  ASSERT_TRUE(run_sync(world.store->erase(world.key())));
  EXPECT_EQ(world.s3.versions(), 1u);
  ASSERT_TRUE(run_sync(world.store->erase(world.key()))) << "again, of what is gone";
  EXPECT_EQ(world.s3.versions(), 1u);
}

// One page of a list that has more, with nothing in it that is the store's own.
memory_s3::fault page_of_others(const std::string& root, const std::string& entries,
                                const std::string& next) {
  auto body = "<" + root + "><IsTruncated>true</IsTruncated>" + entries + next + "</" + root + ">";
  return {.answer = aws::response{.status = 200, .body = std::move(body)}};
}

TEST(s3_objects, are_erased_through_all_pages_of_uploads_and_versions) {
  s3_world world;
  world.s3.versioned = true;
  ASSERT_TRUE(world.put("body"));
  world.s3.begin_upload(world.name());
  const auto* next =
      "<NextKeyMarker>files/0</NextKeyMarker><NextUploadIdMarker>u/1</NextUploadIdMarker>"
      "<NextVersionIdMarker>v/1</NextVersionIdMarker>";
  world.s3.on("ListMultipartUploads", 0, page_of_others("ListMultipartUploadsResult", "", next));
  world.s3.on("ListObjectVersions", 0, page_of_others("ListVersionsResult", "", next));
  ASSERT_TRUE(run_sync(world.store->erase(world.key())));
  EXPECT_TRUE(world.nothing_left());
  EXPECT_THAT(world.s3.last("ListMultipartUploads").url, testing::HasSubstr("upload-id-marker=u%2F1"));
  EXPECT_EQ(world.s3.count("ListObjectVersions"), 3) << "two pages, and a last look";
}

TEST(s3_objects, are_listed_behind_pages_of_others) {
  s3_world world;
  ASSERT_TRUE(world.put("a"));
  world.s3.on(
      "ListObjectsV2", 0,
      page_of_others("ListBucketResult", "<Contents><Key>files/-other</Key><Size>1</Size></Contents>", ""));
  EXPECT_EQ(run_sync(world.store->list({}, 10)).value().size(), 1u);
  EXPECT_THAT(world.s3.last("ListObjectsV2").url, testing::HasSubstr("start-after=files%2F-other"));
}

TEST(s3_objects, are_at_least_hidden_where_versions_may_not_be_erased) {
  s3_world world;
  world.s3.versioned = true;
  ASSERT_TRUE(world.put("first"));
  world.s3.on("ListObjectVersions", -1, memory_s3::answer(403, "AccessDenied"));
  EXPECT_TRUE(run_sync(world.store->erase(world.key())));
  EXPECT_EQ(run_sync(world.store->stat(world.key())).value(), std::nullopt);
  EXPECT_EQ(world.s3.versions(), 2u);
}

TEST(s3_objects, are_not_erased_when_nobody_may_ask_for_their_versions_now) {
  for (const auto* code : {"ExpiredToken", "InvalidAccessKeyId", "SignatureDoesNotMatch",
                           "RequestTimeTooSkewed", "InvalidToken"}) {
    s3_world world;
    world.s3.versioned = true;
    ASSERT_TRUE(world.put("first"));
    world.s3.on("ListObjectVersions", -1, memory_s3::answer(403, code));
    EXPECT_EQ(run_sync(world.store->erase(world.key())).error().code, error_code::unavailable) << code;
    world.s3.all_is_well();
    ASSERT_TRUE(run_sync(world.store->erase(world.key()))) << code;
    EXPECT_EQ(world.s3.versions(), 0u) << code;
  }
}

// Gives credentials for so many calls and then fails: their source is away.
class ending final : public aws::credentials_provider {
 public:
  explicit ending(int calls) : left_(calls) {}
  awaitable<aws::outcome<aws::credentials>> get() override {
    if (left_-- > 0) co_return aws::credentials{.access_key = "key", .secret_key = "secret"};
    co_return aws::pass_error(aws::no_credentials("away"));
  }
  std::string name() const override { return "ending"; }

 private:
  int left_;
};

TEST(s3_objects, are_not_erased_when_credentials_end_before_their_versions_do) {
  s3_world world;
  world.s3.versioned = true;
  ASSERT_TRUE(world.put("first"));
  ending two_calls(2);  // the look for uploads, and the deletion that hides the object
  aws::client client({world.s3, two_calls, world.clock, world.random, world.waits});
  const auto place = s3_world::place();
  stores::s3_eraser eraser(client, place);
  EXPECT_EQ(run_sync(eraser.erase(world.name())).error().code, error_code::unavailable);
  EXPECT_EQ(world.s3.versions(), 2u);
}

TEST(s3_objects, are_not_erased_when_s3_says_so) {
  for (const auto* operation :
       {"ListMultipartUploads", "AbortMultipartUpload", "DeleteObject", "ListObjectVersions"}) {
    s3_world world;
    world.s3.versioned = true;
    ASSERT_TRUE(world.put("first"));
    world.s3.begin_upload(world.name());
    world.s3.on(operation, -1, memory_s3::answer(503, "ServiceUnavailable"));
    EXPECT_EQ(run_sync(world.store->erase(world.key())).error().code, error_code::unavailable) << operation;
  }
}

}  // namespace
}  // namespace dossier
