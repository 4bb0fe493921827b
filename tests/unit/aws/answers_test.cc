// What AWS's answers say, also those that are not as they should be.
#include <gtest/gtest.h>

#include "aws/answer.h"
#include "aws/services/dynamodb.h"
#include "aws/services/s3.h"
#include "aws/signing/dates.h"

namespace dossier::aws {
namespace {

using enum base::error_code;

error parsed(std::string_view service, int status, std::string body, headers more = {}) {
  return parse_error(service, {status, std::move(more), std::move(body)});
}

TEST(aws_errors, reads_s3s) {
  const auto found = parsed("s3", 404,
                            "<?xml version=\"1.0\"?>\n<Error><Code>NoSuchKey</Code><Message>Gone &lt;away&gt;"
                            "</Message><RequestId>R</RequestId></Error>");
  EXPECT_EQ(found.code, "NoSuchKey");
  EXPECT_EQ(found.message, "Gone <away>");
  EXPECT_EQ(found.request_id, "R");
  EXPECT_EQ(found.status, 404);
  EXPECT_EQ(found.kind, not_found);
}

TEST(aws_errors, reads_stss) {
  const auto found = parsed("sts", 403,
                            "<ErrorResponse xmlns=\"x\"><Error><Type>Sender</Type><Code>AccessDenied</Code>"
                            "<Message>no</Message></Error><RequestId>R</RequestId></ErrorResponse>");
  EXPECT_EQ(found.code, "AccessDenied");
  EXPECT_EQ(found.request_id, "R");
  EXPECT_EQ(found.kind, unauthorized);
}

TEST(aws_errors, reads_json) {
  const auto found =
      parsed("dynamodb", 400,
             R"({"__type":"com.amazonaws.dynamodb.v20120810#ThrottlingException","Message":"slow"})",
             {{"x-amzn-RequestId", "R"}});
  EXPECT_EQ(found.code, "ThrottlingException");
  EXPECT_EQ(found.message, "slow");
  EXPECT_EQ(found.request_id, "R");
  EXPECT_EQ(found.kind, rate_limited);
}

TEST(aws_errors, takes_the_status_when_there_is_nothing_else) {
  EXPECT_EQ(parsed("s3", 404, "").kind, not_found);
  EXPECT_EQ(parsed("s3", 403, "").kind, unauthorized);
  EXPECT_EQ(parsed("s3", 412, "").kind, stale);
  EXPECT_EQ(parsed("s3", 409, "").kind, conflict);
  EXPECT_EQ(parsed("s3", 500, "<html>").kind, unavailable);
  EXPECT_EQ(parsed("s3", 400, "{").kind, invalid);
  EXPECT_EQ(parsed("s3", 301, "").kind, internal);
  EXPECT_EQ(parsed("dynamodb", 400, R"({"__type":5})").code, "BadRequest");
}

TEST(aws_errors, tells_what_is_missing_from_where_it_would_be) {
  EXPECT_EQ(parsed("s3", 404, "<Error><Code>NoSuchBucket</Code></Error>").kind, unavailable);
  const std::string missing = R"({"__type":"ResourceNotFoundException"})";
  EXPECT_EQ(parsed("dynamodb", 400, missing).kind, unavailable);
  EXPECT_EQ(parsed("secretsmanager", 400, missing).kind, not_found);
}

TEST(aws_errors, reads_retry_after) {
  EXPECT_EQ(parsed("s3", 503, "", {{"Retry-After", " 12 "}}).retry_after, std::chrono::seconds(12));
  EXPECT_EQ(parsed("s3", 503, "", {{"Retry-After", "99999999"}}).retry_after, std::chrono::seconds(3600));
  EXPECT_EQ(parsed("s3", 503, "", {{"Retry-After", "soon"}}).retry_after, std::nullopt);
}

TEST(aws_answers, refuse_xml_without_measure) {
  std::string deep, wide = "<ListBucketResult>";
  for (int level = 0; level < 1000; ++level) deep += "<a>";
  for (int level = 0; level < 1000; ++level) deep += "</a>";
  for (int entry = 0; entry < 60'000; ++entry) wide += "<a></a>";
  wide += "</ListBucketResult>";
  EXPECT_FALSE(s3::parse_objects({200, {}, deep}));
  EXPECT_FALSE(s3::parse_objects({200, {}, wide}));
  EXPECT_FALSE(s3::parse_objects({200, {}, ""}));
  EXPECT_FALSE(s3::parse_objects({200, {}, "<ListBucketResult><Contents></ListBucketResult>"}));
  EXPECT_FALSE(s3::parse_objects({200, {}, "<html></html>"}));
}

TEST(aws_answers, expand_no_entities) {
  const auto found =
      s3::parse_objects({200,
                         {},
                         "<!DOCTYPE a [<!ENTITY x "
                         "\"boom\">]><ListBucketResult><Contents><Key>&x;</Key><Size>1</Size></Contents>"
                         "</ListBucketResult>"});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->objects[0].key, "&x;");
}

TEST(aws_answers, a_list_that_goes_nowhere_is_refused) {
  EXPECT_FALSE(
      s3::parse_objects({200, {}, "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>"}));
  EXPECT_FALSE(s3::parse_versions(
      {200, {}, "<ListVersionsResult><IsTruncated>true</IsTruncated></ListVersionsResult>"}));
  EXPECT_FALSE(s3::parse_uploads(
      {200, {}, "<ListMultipartUploadsResult><IsTruncated>true</IsTruncated></ListMultipartUploadsResult>"}));
}

TEST(aws_answers, know_the_size_of_a_part_and_of_the_whole) {
  EXPECT_EQ(s3::parse_object_size({{"Content-Length", "5"}}), 5u);
  EXPECT_EQ(s3::parse_object_size({{"Content-Length", "5"}, {"Content-Range", "bytes 0-4/100"}}), 100u);
  EXPECT_FALSE(s3::parse_object_size({{"Content-Range", "bytes 0-4/*"}}));
  EXPECT_FALSE(s3::parse_object_size({}));
}

TEST(aws_answers, leave_out_attributes_of_other_types) {
  const auto found = dynamodb::parse_item(
      {200, {}, R"({"Item":{"a":{"S":"x"},"b":{"L":[]},"c":{"N":"1.5"},"d":{"B":"eA=="},"e":5}})"});
  ASSERT_TRUE(found && *found);
  EXPECT_EQ(**found, (dynamodb::item{{"a", std::string("x")}, {"c", dynamodb::number{"1.5"}}}));
  EXPECT_EQ(dynamodb::find_integer(**found, "c"), std::nullopt);
  EXPECT_FALSE(dynamodb::parse_item({200, {}, "[]"}));
  EXPECT_FALSE(dynamodb::parse_page({200, {}, "{}"}));
  EXPECT_FALSE(dynamodb::item_from_json(R"({"a":{"L":[]}})"));
}

TEST(aws_answers, know_what_was_left_of_a_batch) {
  const auto left = dynamodb::parse_unprocessed(
      {200, {}, R"({"UnprocessedItems":{"t":[{"PutRequest":{"Item":{"a":{"S":"x"}}}},
                   {"DeleteRequest":{"Key":{"a":{"S":"y"}}}}]}})"});
  ASSERT_TRUE(left);
  EXPECT_EQ(left->puts.size(), 1u);
  EXPECT_EQ(left->deletes.size(), 1u);
  EXPECT_TRUE(dynamodb::parse_unprocessed({200, {}, "{}"})->empty());
  EXPECT_TRUE(dynamodb::parse_unprocessed({200, {}, R"({"UnprocessedItems":{}})"})->empty());
}

// Items that were left out of the rest would count as written.
TEST(aws_dynamodb_answers, whose_rest_cannot_be_read_are_refused) {
  for (const auto* rest : {R"([])", R"({"t":{}})", R"({"t":["x"]})", R"({"t":[{}]})",
                           R"({"t":[{"PutRequest":{}}]})", R"({"t":[{"PutRequest":{"Item":[]}}]})",
                           R"({"t":[{"PutRequest":{"Item":{}}}]})", R"({"t":[{"DeleteRequest":{"Key":{}}}]})",
                           R"({"t":[{"PutRequest":{"Item":{"a":{"S":"x"},"b":{"L":[]}}}}]})",
                           R"({"t":[{"PutRequest":{"Item":{"a":{"S":"x"}}}},{"OtherRequest":{}}]})"}) {
    const auto left =
        dynamodb::parse_unprocessed({200, {}, std::string(R"({"UnprocessedItems":)") + rest + '}'});
    ASSERT_FALSE(left) << rest;
    EXPECT_EQ(left.error().code, "InvalidAnswer");
  }
}

TEST(aws_dates, are_read) {
  using namespace std::chrono;
  const base::time_point when{sys_days{November / 6 / 1994} + 8h + 49min + 37s};
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), when);
  for (const char* text : {"1994-11-06T08:49:37Z", "1994-11-06T08:49:37.123456Z", "1994-11-06T08:49:37UTC",
                           "1994-11-06T08:49:37+00:00"}) {
    EXPECT_EQ(parse_iso_date(text), when) << text;
  }
  for (const char* text : {"", "1994-11-06", "1994-13-06T08:49:37Z", "1994-11-06T08:49:37",
                           "1994-11-06T08:49:37+02:00", "199x-11-06T08:49:37Z", "1994-02-30T08:49:37Z"}) {
    EXPECT_EQ(parse_iso_date(text), std::nullopt) << text;
  }
  for (const char* text : {"", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 CET"}) {
    EXPECT_EQ(parse_http_date(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace dossier::aws
