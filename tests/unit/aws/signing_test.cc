// What AWS's vectors do not cover: tokens, payloads, presigned URLs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/signing/signing.h"

namespace dossier::aws {
namespace {

using testing::HasSubstr;
using testing::Not;

const credentials example{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"};
const base::time_point example_time{std::chrono::sys_days{std::chrono::May / 24 / 2013}};

request example_request() {
  return {.what = {"s3", "GetObject", {}},
          .where = {.host = "examplebucket.s3.amazonaws.com", .region = "us-east-1"},
          .path = "/test.txt"};
}

// The two examples of S3's documentation, "Authenticating Requests".
TEST(aws_signing, signs_s3s_own_example) {
  auto what = example_request();
  what.headers = {{"Range", "bytes=0-9"}};
  const auto sent = sign(what, example, example_time);
  EXPECT_EQ(*find_header(sent.headers, "Authorization"),
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
            "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
            "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}

TEST(aws_signing, presigns_s3s_own_example) {
  EXPECT_EQ(
      presign(example_request(), example, example_time, std::chrono::seconds(86400)),
      "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential="
      "AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&"
      "X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature="
      "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
}

TEST(aws_signing, sends_the_token_and_signs_it) {
  auto who = example;
  who.session_token = "the/token";
  const auto sent = sign(example_request(), who, example_time);
  EXPECT_EQ(*find_header(sent.headers, "X-Amz-Security-Token"), "the/token");
  EXPECT_THAT(*find_header(sent.headers, "Authorization"), HasSubstr(";x-amz-security-token,"));
  EXPECT_THAT(presign(example_request(), who, example_time, std::chrono::seconds(1)),
              HasSubstr("&X-Amz-Security-Token=the%2Ftoken&"));
}

TEST(aws_signing, never_sends_the_secret) {
  const auto sent = sign(example_request(), example, example_time);
  for (const auto& each : sent.headers) EXPECT_THAT(each.value, Not(HasSubstr("wJalr")));
}

TEST(aws_signing, hashes_the_body_unless_it_is_told) {
  auto what = example_request();
  what.method = "PUT";
  what.body = text_body("Welcome to Amazon S3.");
  const auto hash = [&] {
    return *find_header(sign(what, example, example_time).headers, "X-Amz-Content-Sha256");
  };
  EXPECT_EQ(hash(), "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072");
  what.payload_sha256 = unsigned_payload;
  EXPECT_EQ(hash(), "UNSIGNED-PAYLOAD");
}

TEST(aws_signing, only_s3_names_the_payload_in_a_header) {
  auto what = example_request();
  what.what.service = "dynamodb";
  EXPECT_EQ(find_header(sign(what, example, example_time).headers, "X-Amz-Content-Sha256"), nullptr);
}

TEST(aws_signing, the_port_belongs_to_the_host) {
  auto what = example_request();
  what.where.port = 9000;
  EXPECT_EQ(*find_header(sign(what, example, example_time).headers, "Host"),
            "examplebucket.s3.amazonaws.com:9000");
  what.where.port = 443;
  EXPECT_EQ(*find_header(sign(what, example, example_time).headers, "Host"),
            "examplebucket.s3.amazonaws.com");
}

TEST(aws_encoding, follows_aws_to_the_letter) {
  EXPECT_EQ(uri_encode("AZaz09-_.~ /+%&=\xC3\x85"), "AZaz09-_.~%20%2F%2B%25%26%3D%C3%85");
  EXPECT_EQ(encode_path("a b//c/../d"), "a%20b//c/../d");
  EXPECT_EQ(encode_query({{"b", "2"}, {"a", "x y"}, {"a", ""}, {"A", "1"}}), "A=1&a=&a=x%20y&b=2");
  EXPECT_EQ(encode_query({}), "");
}

}  // namespace
}  // namespace dossier::aws
