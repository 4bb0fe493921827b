#include "stores/objects/s3_upload.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "stores/s3_world.h"

namespace dossier {
namespace {

using base::error_code;
using fakes::memory_s3;
using testing::ElementsAre;

TEST(s3_upload, sends_a_short_file_at_once_and_never_to_the_disk) {
  s3_world world;
  ASSERT_TRUE(world.put("hello"));
  EXPECT_THAT(world.s3.calls(), ElementsAre("PutObject"));
  EXPECT_EQ(world.s3.find(world.name())->bytes, "hello");
  EXPECT_EQ(world.observed, "put+");
}

TEST(s3_upload, sends_what_fits_into_a_part_in_one_request) {
  for (const std::size_t length : {0, 1, 255, 256, 257, 999, 1'000}) {
    s3_world world;
    ASSERT_TRUE(world.put(world.bytes(length)));
    EXPECT_THAT(world.s3.calls(), ElementsAre("PutObject")) << length;
    EXPECT_EQ(world.s3.find(world.name())->bytes, world.bytes(length));
    EXPECT_EQ(world.store->staged(), 0u);
  }
}

TEST(s3_upload, sends_a_long_file_in_parts) {
  for (const std::size_t length : {1'001, 1'999, 2'000, 2'001, 12'345}) {
    s3_world world;
    ASSERT_TRUE(world.put(world.bytes(length)));
    EXPECT_EQ(world.s3.count("UploadPart"), (length + 999) / 1'000);
    EXPECT_EQ(world.s3.count("PutObject"), 0);
    EXPECT_EQ(world.s3.find(world.name())->bytes, world.bytes(length)) << length;
    EXPECT_EQ(world.s3.uploads(), 0u);
    EXPECT_EQ(world.store->staged(), 0u);
  }
}

TEST(s3_upload, sends_a_checksum_that_is_signed_unless_it_is_off) {
  const std::string base64_of_hello = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=";
  s3_world on;
  ASSERT_TRUE(on.put("hello"));
  const auto sent = on.s3.last("PutObject").headers;
  EXPECT_EQ(*aws::find_header(sent, "x-amz-checksum-sha256"), base64_of_hello);
  EXPECT_EQ(*aws::find_header(sent, "x-amz-content-sha256"), base::to_hex(base::sha256_of("hello")));

  auto place = s3_world::place();
  place.checksums = false;
  s3_world off(s3_world::small(), place);
  ASSERT_TRUE(off.put(off.bytes(2'500)));
  EXPECT_EQ(aws::find_header(off.s3.last("UploadPart").headers, "x-amz-checksum-sha256"), nullptr);
  EXPECT_EQ(aws::find_header(off.s3.last("CreateMultipartUpload").headers, "x-amz-checksum-algorithm"),
            nullptr);
}

TEST(s3_upload, asks_for_the_encryption_that_is_configured) {
  auto place = s3_world::place();
  place.traits.encryption = {aws::s3::encryption_kind::kms, "key-1"};
  s3_world world(s3_world::small(), place);
  ASSERT_TRUE(world.put("short"));
  ASSERT_TRUE(world.put(world.bytes(3'000)));
  for (const auto* operation : {"PutObject", "CreateMultipartUpload"}) {
    const auto sent = world.s3.last(operation).headers;
    EXPECT_EQ(*aws::find_header(sent, "x-amz-server-side-encryption"), "aws:kms") << operation;
    EXPECT_EQ(*aws::find_header(sent, "x-amz-server-side-encryption-aws-kms-key-id"), "key-1") << operation;
  }
}

TEST(s3_upload, sends_a_part_again_when_s3_wants_it_slower) {
  s3_world world;
  world.s3.on("UploadPart", 1, memory_s3::answer(503, "SlowDown"));
  world.s3.on("CreateMultipartUpload", 0, memory_s3::answer(500, "InternalError"));
  ASSERT_TRUE(world.put(world.bytes(5'500)));
  EXPECT_EQ(world.s3.find(world.name())->bytes, world.bytes(5'500));
  EXPECT_EQ(world.s3.count("UploadPart"), 7);
}

TEST(s3_upload, is_aborted_when_a_part_fails) {
  for (const int code : {400, 403, 503}) {
    s3_world world;
    for (int each = 2; each < 6; ++each) world.s3.on("UploadPart", each, memory_s3::answer(code, "Told"));
    const auto done = world.put(world.bytes(20'000));
    ASSERT_FALSE(done);
    EXPECT_TRUE(done.error().code == error_code::unavailable || done.error().code == error_code::internal);
    EXPECT_EQ(world.s3.count("AbortMultipartUpload"), 1);
    EXPECT_LT(world.s3.count("UploadPart"), 15) << "it goes on although it failed";
    EXPECT_TRUE(world.nothing_left());
    EXPECT_EQ(world.observed, "put-");
  }
}

TEST(s3_upload, is_aborted_when_its_source_fails_whose_error_it_answers) {
  for (const std::size_t position : {0, 100, 999, 1'000, 1'001, 3'500, 12'000}) {
    s3_world world;
    fakes::memory_source source(world.bytes(15'000), 300);
    source.fail_after(position, {error_code::timed_out, "too slow"});
    const auto done = fakes::run_sync(world.store->put(world.key(), source));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, error_code::timed_out) << position;
    EXPECT_EQ(done.error().message, "too slow");
    EXPECT_TRUE(world.nothing_left()) << position;
    EXPECT_EQ(world.s3.count("AbortMultipartUpload"), world.s3.count("CreateMultipartUpload"));
  }
}

TEST(s3_upload, answers_the_first_error_also_when_the_abort_fails) {
  s3_world world;
  world.s3.on("AbortMultipartUpload", -1, memory_s3::answer(500, "InternalError"));
  fakes::memory_source source(world.bytes(15'000), 300);
  source.fail_after(5'000, {error_code::malformed, "cut off"});
  EXPECT_EQ(fakes::run_sync(world.store->put(world.key(), source)).error().code, error_code::malformed);
  EXPECT_EQ(world.s3.find(world.name()), nullptr);
  EXPECT_EQ(world.s3.uploads(), 1u) << "this is what erase() is for";
  EXPECT_FALSE(fakes::run_sync(world.store->erase(world.key()))) << "the abort still fails";
}

TEST(s3_upload, fails_when_completing_answers_200_with_an_error) {
  s3_world world;
  world.s3.on("CompleteMultipartUpload", -1, memory_s3::answer(200, "InternalError"));
  EXPECT_EQ(world.put(world.bytes(5'000)).error().code, error_code::unavailable);
  EXPECT_TRUE(world.nothing_left());
}

TEST(s3_upload, is_complete_when_only_the_answer_to_completing_was_lost) {
  s3_world world;
  world.s3.on("CompleteMultipartUpload", 0, memory_s3::lost(true));
  ASSERT_TRUE(world.put(world.bytes(5'000)));
  EXPECT_EQ(world.s3.find(world.name())->bytes, world.bytes(5'000));
}

TEST(s3_upload, is_complete_when_no_attempt_at_completing_was_answered) {
  const auto timed_out = aws::transport_error{aws::transport_problem::timed_out, "no answer came"};
  for (const auto& silence : {memory_s3::lost(true), memory_s3::fault{std::unexpected(timed_out), true},
                              memory_s3::fault{memory_s3::answer(503, "ServiceUnavailable").answer, true},
                              memory_s3::fault{memory_s3::answer(200, "InternalError").answer, true}}) {
    s3_world world;
    world.s3.on("CompleteMultipartUpload", -1, silence);
    ASSERT_TRUE(world.put(world.bytes(5'000)));
    EXPECT_EQ(world.s3.find(world.name())->bytes, world.bytes(5'000));
    EXPECT_EQ(world.s3.uploads(), 0u);
  }
}

TEST(s3_upload, does_not_take_another_object_for_its_own) {
  s3_world world;
  ASSERT_TRUE(world.put(world.bytes(5'000).substr(0, 4'000)));
  world.s3.on("CompleteMultipartUpload", -1, memory_s3::answer(404, "NoSuchUpload"));
  EXPECT_EQ(world.put(world.bytes(5'000)).error().code, error_code::unavailable);
}

TEST(s3_upload, says_unavailable_when_the_outcome_is_not_known) {
  for (const bool happened : {false, true}) {
    s3_world world;
    world.s3.on("PutObject", -1, memory_s3::lost(happened));
    const auto done = world.put("hello");
    EXPECT_EQ(done.error().code, error_code::unavailable);
    EXPECT_TRUE(done.error().retry_after);
  }
}

TEST(s3_upload, makes_the_folder_for_parts_again_when_it_was_tidied_away) {
  s3_world world;
  std::filesystem::remove(world.folder.path());
  EXPECT_TRUE(world.put(world.bytes(5'000)));
}

TEST(s3_upload, fails_when_parts_cannot_be_staged) {
  s3_world world;
  std::filesystem::remove(world.folder.path());
  std::ofstream(world.folder.path()) << "a file where the folder was";
  EXPECT_FALSE(world.put(world.bytes(5'000)));
  EXPECT_TRUE(world.s3.calls().empty());
  EXPECT_TRUE(world.put("short")) << "what needs no disk still goes";
}

TEST(s3_upload, grows_its_parts_so_that_ten_thousand_hold_any_file) {
  stores::upload_sizes sizes;
  EXPECT_EQ(stores::part_size(sizes, 1), 8u << 20);
  EXPECT_EQ(stores::part_size(sizes, 1'000), 8u << 20);
  EXPECT_EQ(stores::part_size(sizes, 1'001), 16u << 20);
  EXPECT_EQ(stores::part_size(sizes, 10'000), sizes.disk) << "never more than fits";
  sizes.disk = 100ULL << 30;
  std::uint64_t all = 0;
  for (int number = 1; number <= 10'000; ++number) all += stores::part_size(sizes, number);
  EXPECT_GE(all, 5ULL << 40) << "the largest object that S3 takes";
  EXPECT_LE(stores::part_size(sizes, 10'000), 5ULL << 30) << "the largest part that S3 takes";
}

}  // namespace
}  // namespace dossier
