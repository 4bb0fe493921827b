#include "web/problem.h"

#include <gtest/gtest.h>

#include "fake_request.h"
#include "web/frame.h"

namespace dossier::web {
namespace {

using base::error;
using base::error_code;

TEST(problem, maps_each_code_to_its_status) {
  EXPECT_EQ(status_of(error_code::not_found), 404u);
  EXPECT_EQ(status_of(error_code::conflict), 409u);
  EXPECT_EQ(status_of(error_code::stale), 412u);
  EXPECT_EQ(status_of(error_code::invalid), 422u);
  EXPECT_EQ(status_of(error_code::malformed), 400u);
  EXPECT_EQ(status_of(error_code::unauthorized), 403u);
  EXPECT_EQ(status_of(error_code::too_large), 413u);
  EXPECT_EQ(status_of(error_code::rate_limited), 429u);
  EXPECT_EQ(status_of(error_code::timed_out), 408u);
  EXPECT_EQ(status_of(error_code::unavailable), 503u);
  EXPECT_EQ(status_of(error_code::no_space), 507u);
  EXPECT_EQ(status_of(error_code::internal), 500u);
}

TEST(problem, writes_a_document_with_every_field) {
  auto answer = problem_response(
      "req-9",
      error{error_code::invalid, "Look \"again\".", {{"age", "Enter an age"}, {"na\nme", "Enter a name"}}});
  EXPECT_EQ(answer.status, 422u);
  EXPECT_EQ(find_header(answer, "content-type"), "application/problem+json");
  EXPECT_EQ(
      body_of(answer),
      R"({"type":"/api#invalid","title":"Unprocessable Content","status":422,"detail":"Look \"again\".",)"
      R"("instance":"req-9","errors":[{"field":"age","message":"Enter an age"},)"
      R"({"field":"na\nme","message":"Enter a name"}]})");
}

TEST(problem, says_when_to_try_again) {
  const auto asked =
      problem_response("r", error{error_code::conflict, "In flight.", {}, std::chrono::seconds(7)});
  EXPECT_EQ(find_header(asked, "Retry-After"), "7");
  EXPECT_TRUE(find_header(problem_response("r", error{error_code::unavailable, "Away."}), "Retry-After"));
  EXPECT_FALSE(find_header(problem_response("r", error{error_code::conflict, "Clash."}), "Retry-After"));
}

TEST(problem, has_a_document_for_statuses_without_words) {
  auto answer = problem_response("r", problem{418, "Short and stout."});
  EXPECT_NE(body_of(answer).find(R"("type":"about:blank")"), std::string::npos);
}

}  // namespace
}  // namespace dossier::web
