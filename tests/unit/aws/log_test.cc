// What the log says of calls that fail, and what it never says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/client.h"
#include "aws/services/s3.h"
#include "aws/services/secrets.h"
#include "base/log.h"
#include "fakes/manual_clock.h"
#include "fakes/run.h"
#include "fakes/seeded_random.h"
#include "scripted_transport.h"

namespace dossier::aws {
namespace {

using testing::HasSubstr;
using testing::Not;

class no_wait final : public waiter {
 public:
  awaitable<void> wait(std::chrono::milliseconds) override { co_return; }
};

std::string log_of(request what, sent<response> answer) {
  testing::internal::CaptureStderr();
  base::start_log(base::log_format::json, base::log_level::debug);
  scripted_transport transport(one_after_another({std::move(answer)}));
  static_credentials who({"AKIDPLANTED", "PLANTED-SECRET", "PLANTED-TOKEN"});
  const fakes::manual_clock clock;
  fakes::seeded_random random;
  no_wait waiter;
  client client({transport, who, clock, random, waiter, {}});
  [[maybe_unused]] const auto answered = fakes::run_sync(client.call(std::move(what)));
  base::stop_log();
  auto text = testing::internal::GetCapturedStderr();
  EXPECT_THAT(text, Not(HasSubstr("PLANTED")));
  return text;
}

const endpoint here{.host = "host.example", .region = "eu-central-1"};

sent<response> refusal(int status, const std::string& code) {
  return response{status, {}, "<Error><Code>" + code + "</Code><RequestId>REQ7</RequestId></Error>"};
}

TEST(aws_log, names_the_permission_that_is_missing) {
  const auto text =
      log_of(s3::abort_multipart_upload(s3::make_bucket(here, "b"), "k", "u"), refusal(403, "AccessDenied"));
  EXPECT_THAT(text, HasSubstr("s3:AbortMultipartUpload"));
  EXPECT_THAT(text, HasSubstr("REQ7"));
  EXPECT_THAT(text, HasSubstr("\"error\""));
}

TEST(aws_log, tells_code_and_request_of_a_failure) {
  const auto text = log_of(s3::head_bucket(s3::make_bucket(here, "b")), refusal(503, "SlowDown"));
  EXPECT_THAT(text, HasSubstr("SlowDown"));
  EXPECT_THAT(text, HasSubstr("REQ7"));
  EXPECT_THAT(text, HasSubstr("\"warning\""));
}

TEST(aws_log, is_quiet_about_what_is_expected) {
  const auto text = log_of(s3::head_object(s3::make_bucket(here, "b"), "k"), refusal(404, "NoSuchKey"));
  EXPECT_THAT(text, Not(HasSubstr("\"warning\"")));
  EXPECT_THAT(text, Not(HasSubstr("\"error\"")));
}

// When a signature does not match, AWS quotes the request as it should have been signed.
TEST(aws_log, holds_nothing_of_a_request_that_aws_repeats) {
  const std::string canonical =
      "The request signature we calculated does not match the signature you provided. The Canonical String "
      "for "
      "this request should have been\n'POST\n/\n\nhost:host.example\nx-amz-date:20260101T000000Z\n"
      "x-amz-security-token:PLANTED-TOKEN\n";
  const auto json = [&](const std::string& code) {
    std::string body = R"({"__type":"com.amazon.coral.service#)" + code + R"(","message":")";
    for (const char letter : canonical) body += letter == '\n' ? std::string("\\n") : std::string(1, letter);
    return response{400, {}, body + "\"}"};
  };
  for (const auto* code :
       {"InvalidSignatureException", "IncompleteSignatureException", "NobodyKnowsException"}) {
    EXPECT_THAT(log_of(ssm::get_parameter(here, "p"), json(code)), HasSubstr(code));
  }
  for (const auto* code : {"SignatureDoesNotMatch", "RequestTimeTooSkewed"}) {
    const response xml{
        403, {}, std::string("<Error><Code>") + code + "</Code><Message>PLANTED</Message></Error>"};
    EXPECT_THAT(log_of(s3::get_object(s3::make_bucket(here, "b"), "k"), xml), HasSubstr(code));
  }
}

TEST(aws_log, holds_no_value_of_a_parameter) {
  const auto text =
      log_of(ssm::get_parameter(here, "p"), response{500, {}, R"({"Parameter":{"Value":"PLANTED"}})"});
  EXPECT_THAT(text, HasSubstr("GetParameter"));
}

}  // namespace
}  // namespace dossier::aws
