// A call from start to end, over a transport that answers as the test says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/client.h"
#include "aws/services/s3.h"
#include "aws/services/secrets.h"
#include "fakes/manual_clock.h"
#include "fakes/run.h"
#include "fakes/seeded_random.h"
#include "scripted_transport.h"

namespace dossier::aws {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class remembering_waiter final : public waiter {
 public:
  explicit remembering_waiter(fakes::manual_clock& clock) : clock_(clock) {}
  awaitable<void> wait(std::chrono::milliseconds time) override {
    waits.push_back(time);
    clock_.advance(time);
    co_return;
  }
  std::vector<std::chrono::milliseconds> waits;

 private:
  fakes::manual_clock& clock_;
};

class renewable final : public credentials_provider {
 public:
  awaitable<outcome<credentials>> get() override {
    co_return credentials{"KEY" + std::to_string(always_the_same ? 0 : renewed), "secret", token};
  }
  void expired(const credentials&) override { ++renewed; }
  std::string name() const override { return "test"; }
  int renewed = 0;
  std::string token;
  bool always_the_same = false;
};

sent<response> xml_error(int status, const std::string& code, headers more = {}) {
  more.push_back({"x-amz-request-id", "REQ1"});
  return response{status, std::move(more),
                  "<Error><Code>" + code + "</Code><Message>no &amp; never</Message></Error>"};
}

class aws_client : public testing::Test {
 protected:
  outcome<response> call(request what) {
    client client({transport(), credentials_, clock_, random_, waiter_, observer_}, policy_);
    auto answer = fakes::run_sync(client.call(std::move(what)));
    skew_ = client.clock_skew();
    return answer;
  }
  outcome<response> call() { return call(s3::head_object(bucket_, "key")); }
  void answers(std::vector<sent<response>> all) {
    transport_ = std::make_unique<scripted_transport>(one_after_another(std::move(all)));
  }
  scripted_transport& transport() { return *transport_; }

  s3::bucket bucket_ =
      s3::make_bucket({.host = "s3.eu-central-1.amazonaws.com", .region = "eu-central-1"}, "files");
  fakes::manual_clock clock_;
  fakes::seeded_random random_;
  remembering_waiter waiter_{clock_};
  renewable credentials_;
  base::call_observer observer_;
  retry_policy policy_;
  std::chrono::milliseconds skew_{0};
  std::unique_ptr<scripted_transport> transport_;
};

TEST_F(aws_client, signs_what_it_sends) {
  answers({response{200, {}, {}}});
  ASSERT_TRUE(call());
  const auto& asked = transport().asked.at(0);
  EXPECT_EQ(asked.url, "https://files.s3.eu-central-1.amazonaws.com/key");
  EXPECT_THAT(*find_header(asked.headers, "Authorization"),
              HasSubstr("Credential=KEY0/20260101/eu-central-1/s3/aws4_request"));
}

TEST_F(aws_client, tries_three_times_what_may_work_the_next_time) {
  answers({failing(transport_problem::cut), xml_error(503, "SlowDown"), response{200, {}, "fine"}});
  const auto answer = call();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, "fine");
  ASSERT_EQ(waiter_.waits.size(), 2u);
  EXPECT_LE(waiter_.waits[0], 1s);
  EXPECT_LE(waiter_.waits[1], 2s);
}

TEST_F(aws_client, gives_up_after_three_times) {
  answers({xml_error(503, "SlowDown")});
  const auto answer = call();
  ASSERT_FALSE(answer);
  EXPECT_EQ(transport().asked.size(), 3u);
  EXPECT_EQ(answer.error().kind, base::error_code::rate_limited);
  EXPECT_EQ(answer.error().code, "SlowDown");
  EXPECT_EQ(answer.error().request_id, "REQ1");
  EXPECT_EQ(to_base(answer.error()).code, base::error_code::unavailable);
  EXPECT_TRUE(to_base(answer.error()).retry_after);
}

TEST_F(aws_client, tries_once_what_will_not_work) {
  answers({xml_error(403, "AccessDenied")});
  const auto answer = call();
  ASSERT_FALSE(answer);
  EXPECT_EQ(transport().asked.size(), 1u);
  EXPECT_EQ(answer.error().kind, base::error_code::unauthorized);
  // AWS's own words go no further.
  EXPECT_EQ(answer.error().message, "no & never");
  EXPECT_THAT(to_base(answer.error()).message, testing::Not(HasSubstr("never")));
}

TEST_F(aws_client, waits_as_long_as_it_is_asked_to) {
  answers({xml_error(503, "ServiceUnavailable", {{"Retry-After", "7"}}), response{200, {}, {}}});
  EXPECT_TRUE(call());
  EXPECT_EQ(waiter_.waits, std::vector{std::chrono::milliseconds(7s)});
}

TEST_F(aws_client, waits_until_the_time_that_it_is_told) {
  answers({xml_error(
               503, "ServiceUnavailable",
               {{"Date", "Thu, 01 Jan 2026 05:00:00 GMT"}, {"Retry-After", "Thu, 01 Jan 2026 05:00:07 GMT"}}),
           response{200, {}, {}}});
  EXPECT_TRUE(call());
  EXPECT_EQ(waiter_.waits, std::vector{std::chrono::milliseconds(7s)}) << "by the other side's clock";
  answers({xml_error(
      503, "ServiceUnavailable",
      {{"Date", "Thu, 01 Jan 2026 05:00:00 GMT"}, {"Retry-After", "Thu, 01 Jan 2026 04:00:00 GMT"}})});
  EXPECT_EQ(call().error().retry_after, 0s);
  answers({xml_error(503, "ServiceUnavailable", {{"Retry-After", "Thu, 01 Jan 2026 05:00:07 GMT"}})});
  EXPECT_EQ(call().error().retry_after, std::nullopt);
}

TEST_F(aws_client, begins_no_attempt_after_its_patience) {
  policy_.patience = 5s;
  answers({xml_error(503, "ServiceUnavailable", {{"Retry-After", "7"}})});
  const auto answer = call();
  ASSERT_FALSE(answer);
  EXPECT_EQ(transport().asked.size(), 1u);
  EXPECT_EQ(to_base(answer.error()).retry_after, 7s);
}

TEST_F(aws_client, corrects_its_clock_by_the_answer) {
  // Our clock says 00:00.
  answers({xml_error(403, "RequestTimeTooSkewed", {{"Date", "Thu, 01 Jan 2026 01:00:00 GMT"}}),
           response{200, {}, {}}});
  EXPECT_TRUE(call(s3::get_object(bucket_, "key")));
  EXPECT_EQ(skew_, 1h);
  EXPECT_TRUE(waiter_.waits.empty());
  EXPECT_EQ(*find_header(transport().asked.at(0).headers, "X-Amz-Date"), "20260101T000000Z");
  EXPECT_EQ(*find_header(transport().asked.at(1).headers, "X-Amz-Date"), "20260101T010000Z");
}

// S3 refuses HEAD without a body, and so without a code.
TEST_F(aws_client, corrects_its_clock_by_the_date_of_a_refusal_without_a_word) {
  answers({response{403, {{"Date", "Thu, 01 Jan 2026 01:00:00 GMT"}}, {}}, response{200, {}, {}}});
  EXPECT_TRUE(call());
  EXPECT_EQ(skew_, 1h);
  EXPECT_EQ(*find_header(transport().asked.at(1).headers, "X-Amz-Date"), "20260101T010000Z");
  answers({response{403, {{"Date", "Thu, 01 Jan 2026 00:00:10 GMT"}}, {}}});
  EXPECT_EQ(call().error().kind, base::error_code::unauthorized) << "the clocks agree";
  EXPECT_EQ(transport().asked.size(), 1u);
}

TEST_F(aws_client, takes_a_bad_signature_for_a_wrong_clock_only_when_the_clocks_differ) {
  answers({xml_error(403, "SignatureDoesNotMatch", {{"Date", "Thu, 01 Jan 2026 00:00:10 GMT"}})});
  EXPECT_FALSE(call());
  EXPECT_EQ(transport().asked.size(), 1u);
  answers({xml_error(403, "SignatureDoesNotMatch", {{"Date", "Wed, 31 Dec 2025 23:00:00 GMT"}}),
           response{200, {}, {}}});
  EXPECT_TRUE(call());
  EXPECT_EQ(skew_, -1h);
}

TEST_F(aws_client, corrects_its_clock_only_once_a_call) {
  answers({xml_error(403, "RequestTimeTooSkewed", {{"Date", "Thu, 01 Jan 2026 01:00:00 GMT"}}),
           xml_error(403, "RequestTimeTooSkewed", {{"Date", "Thu, 01 Jan 2026 05:00:00 GMT"}})});
  EXPECT_FALSE(call());
  EXPECT_EQ(transport().asked.size(), 2u);
}

TEST_F(aws_client, asks_for_other_credentials_when_these_have_expired_or_are_not_known) {
  for (const auto* code : {"ExpiredToken", "InvalidAccessKeyId", "UnrecognizedClientException"}) {
    credentials_.renewed = 0;
    answers({xml_error(400, code), response{200, {}, {}}});
    EXPECT_TRUE(call(s3::get_object(bucket_, "key")));
    EXPECT_EQ(credentials_.renewed, 1);
    EXPECT_THAT(*find_header(transport().asked.at(1).headers, "Authorization"), HasSubstr("KEY1/"));
    answers({xml_error(400, code)});
    EXPECT_FALSE(call());
    EXPECT_EQ(transport().asked.size(), 2u) << code;
  }
}

TEST_F(aws_client, asks_for_other_credentials_when_a_refusal_without_a_word_may_mean_that) {
  answers({response{400, {}, {}}, response{200, {}, {}}});
  EXPECT_FALSE(call()) << "keys do not expire";
  EXPECT_EQ(credentials_.renewed, 0);
  credentials_.token = "token";
  answers({response{400, {}, {}}, response{200, {}, {}}});
  EXPECT_TRUE(call());
  EXPECT_EQ(credentials_.renewed, 1);
  answers({response{400, {}, {}}});
  EXPECT_EQ(call().error().code, "BadRequest") << "others were of no use";
  EXPECT_EQ(transport().asked.size(), 2u);
  answers({response{400, {{"x-amz-bucket-region", "us-east-2"}}, {}}});
  EXPECT_EQ(call().error().code, "AuthorizationHeaderMalformed") << "it says itself what is wrong";
  EXPECT_EQ(transport().asked.size(), 1u);
}

TEST_F(aws_client, shows_only_what_can_be_the_name_of_a_region) {
  credentials_.always_the_same = true;
  answers({response{400, {{"x-amz-bucket-region", "us-east-2; see <b>evil</b>"}}, {}}});
  const auto failed = call().error();
  EXPECT_EQ(failed.region, "");
  EXPECT_EQ(failed.message.find("evil"), std::string::npos) << failed.message;
}

TEST_F(aws_client, does_not_ask_again_with_the_credentials_that_were_refused) {
  credentials_.always_the_same = true;
  credentials_.token = "token";
  answers({xml_error(400, "ExpiredToken")});
  EXPECT_EQ(call().error().code, "ExpiredToken");
  EXPECT_EQ(transport().asked.size(), 1u);
  answers({response{400, {}, {}}});
  const auto answer = call();
  EXPECT_EQ(transport().asked.size(), 1u);
  EXPECT_EQ(answer.error().code, "ExpiredToken");
  EXPECT_EQ(to_base(answer.error()).code, base::error_code::unavailable);
}

TEST_F(aws_client, sees_a_failure_in_an_answer_that_says_200) {
  const std::string late = "<?xml version=\"1.0\"?>\n\n<Error><Code>InternalError</Code></Error>";
  answers({response{200, {}, late}, response{200, {}, "<Result><ETag>e</ETag></Result>"}});
  EXPECT_TRUE(call(s3::complete_multipart_upload(bucket_, "key", "id", {})));
  EXPECT_EQ(transport().asked.size(), 2u);
}

TEST_F(aws_client, an_object_may_look_like_an_error) {
  answers({response{200, {}, "<Error><Code>InternalError</Code></Error>"}});
  EXPECT_TRUE(call(s3::get_object(bucket_, "key")));
}

TEST_F(aws_client, stops_retrying_when_most_calls_fail) {
  answers({failing(transport_problem::timed_out)});
  client client({transport(), credentials_, clock_, random_, waiter_, {}});
  for (int number = 0; number < 100; ++number) {
    EXPECT_FALSE(fakes::run_sync(client.call(s3::head_object(bucket_, "key"))));
  }
  // 500 tokens pay for 50 retries.
  EXPECT_EQ(transport().asked.size(), 150u);
}

TEST_F(aws_client, tells_the_observer_of_each_attempt) {
  std::vector<std::string> seen;
  observer_ = [&](std::string_view store, std::string_view operation, std::chrono::nanoseconds, bool worked) {
    seen.push_back(std::string(store) + ' ' + std::string(operation) + (worked ? " +" : " -"));
  };
  answers({xml_error(500, "InternalError"), response{404, {}, {}}});
  EXPECT_EQ(call().error().kind, base::error_code::not_found);
  EXPECT_EQ(seen, (std::vector<std::string>{"s3 HeadObject -", "s3 HeadObject +"}));
}

TEST_F(aws_client, reads_the_error_of_a_streamed_answer) {
  answers({xml_error(404, "NoSuchKey")});
  client client({transport(), credentials_, clock_, random_, waiter_, {}});
  const auto answer = fakes::run_sync(client.open(s3::get_object(bucket_, "key")));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "NoSuchKey");
}

TEST_F(aws_client, makes_a_password_for_a_database) {
  answers({response{200, {}, {}}});
  client client({transport(), credentials_, clock_, random_, waiter_, {}});
  const auto token = fakes::run_sync(rds_token(client, {"db.example", 3306, "some one", "eu-central-1"}));
  ASSERT_TRUE(token);
  EXPECT_THAT(*token,
              testing::StartsWith("db.example:3306/?Action=connect&DBUser=some%20one&X-Amz-Algorithm="));
  EXPECT_THAT(*token, HasSubstr("%2Feu-central-1%2Frds-db%2Faws4_request&"));
  EXPECT_THAT(*token, HasSubstr("&X-Amz-Expires=900&"));
  EXPECT_TRUE(transport().asked.empty());
}

}  // namespace
}  // namespace dossier::aws
