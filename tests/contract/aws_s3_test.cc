// What the requests to S3 do to an S3, and whether its answers are understood.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/transport/curl_transport.h"
#include "contract/aws_world.h"

namespace dossier::contract {
namespace {

namespace s3 = aws::s3;

s3::payload payload_of(std::string text) {
  const auto digest = base::sha256_of(text);
  return {aws::text_body(std::move(text)), digest};
}

awaitable<std::string> pull(aws::client& client, aws::request what) {
  auto answer = co_await client.open(std::move(what));
  if (!answer) co_return "failed: " + answer.error().code;
  std::string text;
  for (;;) {
    const auto some = co_await answer->body->next();
    if (!some) co_return "broken";
    if (some->empty()) co_return text;
    text.append(reinterpret_cast<const char*>(some->data()), some->size());
  }
}

std::string content(const s3::bucket& in, std::string_view key, std::optional<s3::byte_range> range = {}) {
  return fakes::run_sync(pull(world().access.calls(), s3::get_object(in, key, range)));
}

TEST(aws_s3, puts_an_object_and_reads_it_whole_and_in_part) {
  const auto bucket = world().new_bucket();
  const auto stored =
      s3::parse_stored(world().call(s3::put_object(bucket, "a/b", {}, payload_of("0123456789"))));
  ASSERT_TRUE(stored);
  EXPECT_FALSE(stored->etag.empty());
  EXPECT_EQ(content(bucket, "a/b"), "0123456789");
  EXPECT_EQ(content(bucket, "a/b", s3::byte_range{3, 4}), "3456");
  const auto head = s3::parse_head(world().call(s3::head_object(bucket, "a/b")));
  ASSERT_TRUE(head);
  EXPECT_EQ(head->size, 10u);
  EXPECT_EQ(head->content_type, "application/octet-stream");
}

// libcurl resolves every name below localhost to this machine.
TEST(aws_s3, finds_a_bucket_before_the_host_of_another_endpoint) {
  const auto in_path = world().new_bucket();
  auto where = world().endpoint(aws::service::s3);
  where.host = "localhost";
  where.buckets = aws::addressing::virtual_host;
  const auto before_host = s3::make_bucket(where, in_path.name);
  EXPECT_EQ(s3::head_bucket(before_host).where.host, in_path.name + ".localhost");
  world().call(s3::put_object(before_host, "a b", {}, payload_of("0123456789")));
  EXPECT_EQ(content(before_host, "a b", s3::byte_range{3, 4}), "3456");
  EXPECT_EQ(content(in_path, "a b"), "0123456789");
}

TEST(aws_s3, keeps_an_object_larger_than_any_buffer) {
  const auto bucket = world().new_bucket();
  std::string large(5'000'000, 'x');
  for (std::size_t at = 0; at < large.size(); at += 997) large[at] = static_cast<char>('a' + at % 26);
  world().call(s3::put_object(bucket, "large", {}, payload_of(large)));
  EXPECT_TRUE(content(bucket, "large") == large);
}

TEST(aws_s3, takes_keys_of_any_letters) {
  const auto bucket = world().new_bucket();
  for (const std::string key : {"a b", "a+b&c=d", "Ångström/~._-", "100%25", "'(!)*'", "a/./b/../c"}) {
    world().call(s3::put_object(bucket, key, {}, payload_of(key)));
    EXPECT_EQ(content(bucket, key), key);
  }
  const auto list = s3::parse_objects(world().call(s3::list_objects(bucket, "")));
  ASSERT_TRUE(list);
  EXPECT_EQ(list->objects.size(), 6u);
}

TEST(aws_s3, a_missing_object_is_not_found) {
  const auto bucket = world().new_bucket();
  const auto head = world().try_call(s3::head_object(bucket, "none"));
  ASSERT_FALSE(head);
  EXPECT_EQ(head.error().kind, base::error_code::not_found);
  const auto get = fakes::run_sync(world().access.calls().open(s3::get_object(bucket, "none")));
  ASSERT_FALSE(get);
  EXPECT_EQ(get.error().code, "NoSuchKey");
  EXPECT_EQ(get.error().kind, base::error_code::not_found);
}

TEST(aws_s3, a_missing_bucket_is_no_missing_object) {
  auto bucket = world().new_bucket();
  bucket.name += "-not";
  const auto put = world().try_call(s3::put_object(bucket, "key", {}, payload_of("x")));
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, "NoSuchBucket");
  EXPECT_EQ(put.error().kind, base::error_code::unavailable);
}

TEST(aws_s3, deletes_also_what_is_not_there) {
  const auto bucket = world().new_bucket();
  world().call(s3::put_object(bucket, "key", {}, payload_of("x")));
  world().call(s3::delete_object(bucket, "key"));
  world().call(s3::delete_object(bucket, "key"));
  EXPECT_FALSE(world().try_call(s3::head_object(bucket, "key")));
}

TEST(aws_s3, encrypts_as_it_is_told) {
  const auto bucket = world().new_bucket();
  const s3::object_traits plain{.encryption = {s3::encryption_kind::aes256}};
  world().call(s3::put_object(bucket, "aes", plain, payload_of("x")));
  const auto aes = s3::parse_head(world().call(s3::head_object(bucket, "aes")));
  ASSERT_TRUE(aes);
  EXPECT_EQ(aes->stored.encryption, "AES256");
  const s3::object_traits with_key{.encryption = {s3::encryption_kind::kms, "the-key"}};
  world().call(s3::put_object(bucket, "kms", with_key, payload_of("x")));
  const auto kms = s3::parse_head(world().call(s3::head_object(bucket, "kms")));
  ASSERT_TRUE(kms);
  EXPECT_EQ(kms->stored.encryption, "aws:kms");
}

TEST(aws_s3, puts_parts_together) {
  const auto bucket = world().new_bucket();
  const auto id = s3::parse_upload_id(world().call(s3::create_multipart_upload(bucket, "parts", {}, true)));
  ASSERT_TRUE(id);
  const std::string first(5 << 20, 'a'), last = "the end";
  std::vector<s3::uploaded_part> parts;
  for (const auto& text : {first, last}) {
    const int number = static_cast<int>(parts.size()) + 1;
    const auto answer = world().call(s3::upload_part(bucket, "parts", *id, number, payload_of(text)));
    const auto stored = s3::parse_stored(answer);
    ASSERT_TRUE(stored);
    parts.push_back({number, stored->etag, base::sha256_of(text)});
  }
  const auto listed = s3::parse_uploads(world().call(s3::list_multipart_uploads(bucket, "par")));
  ASSERT_TRUE(listed);
  ASSERT_EQ(listed->uploads.size(), 1u);
  EXPECT_EQ(listed->uploads[0].key, "parts");
  EXPECT_EQ(listed->uploads[0].id, *id);
  const auto whole =
      s3::parse_completed(world().call(s3::complete_multipart_upload(bucket, "parts", *id, parts)));
  ASSERT_TRUE(whole) << whole.error().message;
  EXPECT_TRUE(content(bucket, "parts") == first + last);
  EXPECT_TRUE(s3::parse_uploads(world().call(s3::list_multipart_uploads(bucket, "")))->uploads.empty());
}

TEST(aws_s3, an_aborted_upload_leaves_nothing) {
  const auto bucket = world().new_bucket();
  const auto id = s3::parse_upload_id(world().call(s3::create_multipart_upload(bucket, "gone", {}, false)));
  ASSERT_TRUE(id);
  world().call(s3::upload_part(bucket, "gone", *id, 1, payload_of("x")));
  world().call(s3::abort_multipart_upload(bucket, "gone", *id));
  EXPECT_TRUE(s3::parse_uploads(world().call(s3::list_multipart_uploads(bucket, "")))->uploads.empty());
  const auto again = world().try_call(s3::abort_multipart_upload(bucket, "gone", *id));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, base::error_code::not_found);
}

TEST(aws_s3, lists_in_pages) {
  const auto bucket = world().new_bucket();
  for (const char* key : {"p/1", "p/2", "p/3", "q/1"})
    world().call(s3::put_object(bucket, key, {}, payload_of("x")));
  const auto first = s3::parse_objects(world().call(s3::list_objects(bucket, "p/", {}, 2)));
  ASSERT_TRUE(first);
  ASSERT_EQ(first->objects.size(), 2u);
  EXPECT_TRUE(first->more);
  EXPECT_EQ(first->objects[1].key, "p/2");
  EXPECT_EQ(first->objects[1].size, 1u);
  const auto rest = s3::parse_objects(world().call(s3::list_objects(bucket, "p/", "p/2", 2)));
  ASSERT_TRUE(rest);
  ASSERT_EQ(rest->objects.size(), 1u);
  EXPECT_FALSE(rest->more);
}

aws::request configure(const s3::bucket& bucket, const char* about, std::string text) {
  auto made = s3::get_bucket_versioning(bucket);
  made.method = "PUT";
  made.query = {{about, ""}};
  made.body = aws::text_body(std::move(text));
  return made;
}

TEST(aws_s3, deletes_versions_in_a_versioned_bucket) {
  const auto bucket = world().new_bucket();
  EXPECT_EQ(s3::parse_versioning(world().call(s3::get_bucket_versioning(bucket))), s3::versioning::never);
  world().call(configure(bucket, "versioning",
                         "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"));
  EXPECT_EQ(s3::parse_versioning(world().call(s3::get_bucket_versioning(bucket))), s3::versioning::enabled);
  const auto stored = s3::parse_stored(world().call(s3::put_object(bucket, "key", {}, payload_of("x"))));
  ASSERT_TRUE(stored);
  ASSERT_FALSE(stored->version.empty());
  world().call(s3::delete_object(bucket, "key"));
  const auto versions = s3::parse_versions(world().call(s3::list_object_versions(bucket, "key")));
  ASSERT_TRUE(versions);
  ASSERT_EQ(versions->versions.size(), 2u);
  for (const auto& each : versions->versions) world().call(s3::delete_object(bucket, each.key, each.id));
  EXPECT_TRUE(s3::parse_versions(world().call(s3::list_object_versions(bucket, "")))->versions.empty());
}

TEST(aws_s3, tells_how_the_bucket_is_set_up) {
  const auto bucket = world().new_bucket();
  world().call(s3::head_bucket(bucket));
  EXPECT_EQ(s3::parse_location(world().call(s3::get_bucket_location(bucket))), "eu-central-1");
  const auto none = world().try_call(s3::get_public_access_block(bucket));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, "NoSuchPublicAccessBlockConfiguration");
  EXPECT_EQ(none.error().kind, base::error_code::not_found);
  world().call(
      configure(bucket, "publicAccessBlock",
                "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls>"
                "<IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy>"
                "<RestrictPublicBuckets>false</RestrictPublicBuckets></PublicAccessBlockConfiguration>"));
  const auto block = s3::parse_public_access_block(world().call(s3::get_public_access_block(bucket)));
  ASSERT_TRUE(block);
  EXPECT_TRUE(block->block_acls && block->block_policy);
  EXPECT_FALSE(block->all());
  world().call(configure(bucket, "encryption",
                         "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault>"
                         "<SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule>"
                         "</ServerSideEncryptionConfiguration>"));
  const auto encryption = s3::parse_encryption(world().call(s3::get_bucket_encryption(bucket)));
  ASSERT_TRUE(encryption);
  EXPECT_EQ(encryption->kind, s3::encryption_kind::aes256);
  world().call(
      configure(bucket, "lifecycle",
                "<LifecycleConfiguration><Rule><ID>a</ID><Filter><Prefix></Prefix></Filter>"
                "<Status>Enabled</Status><NoncurrentVersionExpiration><NoncurrentDays>7</NoncurrentDays>"
                "</NoncurrentVersionExpiration><AbortIncompleteMultipartUpload><DaysAfterInitiation>2"
                "</DaysAfterInitiation></AbortIncompleteMultipartUpload></Rule></LifecycleConfiguration>"));
  const auto lifecycle = s3::parse_lifecycle(world().call(s3::get_bucket_lifecycle(bucket)));
  ASSERT_TRUE(lifecycle);
  EXPECT_EQ(lifecycle->old_versions_expire_days, 7);
  EXPECT_EQ(lifecycle->uploads_abort_days, 2);
}

TEST(aws_s3, presigned_urls_need_no_credentials) {
  const auto bucket = world().new_bucket();
  world().call(s3::put_object(bucket, "a key", {}, payload_of("shared")));
  const auto url = fakes::run_sync(
      world().access.calls().presigned(s3::get_object(bucket, "a key"), std::chrono::seconds(60)));
  ASSERT_TRUE(url);
  EXPECT_THAT(*url, testing::HasSubstr("X-Amz-Expires=60"));
  EXPECT_THAT(*url, testing::Not(testing::HasSubstr("testing-secret")));
  aws::curl_transport transport;
  const auto answer = fakes::run_sync(transport.send({.url = *url}));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, "shared");
}

}  // namespace
}  // namespace dossier::contract
