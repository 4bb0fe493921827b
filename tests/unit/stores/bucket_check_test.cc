// What the doctor says of stores that answer differently from S3.
#include <algorithm>

#include <gtest/gtest.h>

#include "stores/checks/bucket_check.h"
#include "stores/s3_world.h"

namespace dossier {
namespace {

using domain::severity;
using domain::store_finding;
using fakes::memory_s3;

struct examined {
  explicit examined(s3_world& world, bool probe_writes = false) {
    auto place = s3_world::place();
    place.checksums = true;
    stores::bucket_check check(*world.client, world.random, std::move(place));
    report = fakes::run_sync(check.look({.probe_writes = probe_writes}));
  }
  const store_finding* find(std::string_view what) const {
    const auto at = std::ranges::find(report.findings, what, &store_finding::what);
    return at == report.findings.end() ? nullptr : &*at;
  }
  bool says(std::string_view text) const {
    return std::ranges::any_of(report.findings, [&](const auto& one) {
      return one.level != severity::note && (one.is.contains(text) || one.to_do.contains(text));
    });
  }
  domain::store_report report;
};

// Makes S3 give this answer to the first request of each kind, which has a checksum.
void refuse_checksums(s3_world& world, const memory_s3::fault& answer) {
  for (const auto* operation : {"PutObject", "UploadPart"}) {
    world.s3.on(operation, 0, answer);  // the first has one, the second has none
  }
}

TEST(bucket_check, finds_that_a_store_refuses_checksums) {
  for (const auto& answer :
       {memory_s3::answer(400, "InvalidRequest"), memory_s3::answer(501, "NotImplemented"),
        memory_s3::answer(400, "InvalidArgument")}) {
    for (const bool probe_writes : {false, true}) {
      s3_world world;
      refuse_checksums(world, answer);
      const examined found(world, probe_writes);
      const auto* one = found.find("checksums");
      ASSERT_NE(one, nullptr);
      EXPECT_EQ(one->level, severity::error);
      EXPECT_TRUE(one->to_do.contains("s3.checksums = false"));
      EXPECT_EQ(world.s3.versions(), 0u);
    }
  }
}

TEST(bucket_check, tells_what_else_is_not_understood) {
  s3_world world;
  world.s3.on("PutObject", -1, memory_s3::answer(400, "InvalidStorageClass"));
  const examined found(world, true);
  EXPECT_EQ(found.find("checksums"), nullptr);
  EXPECT_TRUE(found.says("InvalidStorageClass"));
}

TEST(bucket_check, tells_of_a_store_that_lists_no_versions) {
  for (const bool ignores : {true, false}) {
    s3_world world;
    world.s3.lists_versions = !ignores;
    if (!ignores) world.s3.on("ListObjectVersions", -1, memory_s3::answer(501, "NotImplemented"));
    const examined found(world, true);
    EXPECT_TRUE(found.says("s3:ListBucketVersions"));
    EXPECT_FALSE(domain::has_errors({found.report}));
  }
}

TEST(bucket_check, names_the_region_of_a_redirect) {
  s3_world world;
  world.s3.at(0, 1'000,
              {.answer = aws::response{.status = 301, .headers = {{"x-amz-bucket-region", "eu-south-1"}}}});
  const examined found(world);
  const auto* one = found.find("region");
  ASSERT_NE(one, nullptr);
  EXPECT_EQ(one->level, severity::error);
  EXPECT_TRUE(one->to_do.contains("AWS_REGION=eu-south-1"));
}

}  // namespace
}  // namespace dossier
