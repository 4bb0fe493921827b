#include "stores/catalog/dynamodb_catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "fakes/manual_clock.h"
#include "fakes/run.h"
#include "fakes/scripted_transport.h"
#include "fakes/seeded_random.h"
#include "stores/s3_world.h"

namespace dossier::stores {
namespace {

using base::error_code;
using fakes::run_sync;
using testing::HasSubstr;
using testing::Not;
namespace dynamodb = aws::dynamodb;

constexpr const char* throttled =
    R"({"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException","message":"slow"})";

std::string ours(const std::string& key) {
  return fmt::format(R"({{"filename":{{"S":"{}"}},"Author":{{"S":"Anna"}},"FileId":{{"N":"1"}}}})", key);
}
std::string foreign(const std::string& key) {
  return fmt::format(R"({{"filename":{{"S":"{}"}},"Author":{{"S":"Anna"}}}})", key);
}
std::string page(const std::string& items, const std::string& last = {}) {
  const auto next = last.empty() ? "" : fmt::format(R"(,"LastEvaluatedKey":{})", foreign(last));
  return fmt::format(R"({{"Items":[{}]{}}})", items, next);
}

class a_dynamodb_catalog : public testing::Test {
 protected:
  fakes::scripted_transport aws_;
  aws::static_credentials who_{{.access_key = "key", .secret_key = "secret"}};
  fakes::manual_clock clock_;
  fakes::seeded_random random_;
  impatient waits_;
  aws::client client_{{aws_, who_, clock_, random_, waits_}};
  std::string observed_;
  dynamodb_catalog store_{
      client_, {nowhere(), "table"}, "Author-index", [this](auto, auto operation, auto, bool worked) {
        observed_ += std::string(operation) + (worked ? "+" : "-");
      }};
};

TEST_F(a_dynamodb_catalog, writes_again_when_it_is_throttled_or_gets_no_answer) {
  aws_.answer(400, throttled);
  aws_.lose();
  aws_.answer(200, "{}");
  EXPECT_TRUE(run_sync(store_.put({.key = {"aa"}, .author = "Anna"})));
  EXPECT_EQ(aws_.asked().size(), 3u);
  EXPECT_EQ(observed_, "put+");
}

TEST_F(a_dynamodb_catalog, is_unavailable_when_it_is_throttled_for_long) {
  for (int i = 0; i < 3; ++i) aws_.answer(400, throttled);
  const auto done = run_sync(store_.erase({"aa"}));
  EXPECT_EQ(done.error().code, error_code::unavailable);
  EXPECT_TRUE(done.error().retry_after);
  EXPECT_THAT(done.error().message, Not(HasSubstr("slow")));
  EXPECT_EQ(observed_, "erase-");
}

TEST_F(a_dynamodb_catalog, sends_again_what_of_a_batch_was_not_done) {
  aws_.answer(
      200, fmt::format(R"({{"UnprocessedItems":{{"table":[{{"PutRequest":{{"Item":{}}}}}]}}}})", ours("bb")));
  aws_.answer(200, R"({"UnprocessedItems":{}})");
  EXPECT_TRUE(
      run_sync(store_.put_all({{.key = {"aa"}, .author = "Anna"}, {.key = {"bb"}, .author = "Anna"}})));
  ASSERT_EQ(aws_.asked().size(), 2u);
  EXPECT_THAT(aws_.asked()[1], HasSubstr(R"({"S":"bb"})"));
  EXPECT_THAT(aws_.asked()[1], Not(HasSubstr(R"({"S":"aa"})")));
  EXPECT_EQ(observed_, "put_all+");
}

TEST_F(a_dynamodb_catalog, is_unavailable_when_a_batch_is_never_done) {
  for (int i = 0; i < 5; ++i) {
    aws_.answer(200, fmt::format(R"({{"UnprocessedItems":{{"table":[{{"PutRequest":{{"Item":{}}}}}]}}}})",
                                 ours("bb")));
  }
  const auto done = run_sync(store_.put_all({{.key = {"aa"}}, {.key = {"bb"}}}));
  EXPECT_EQ(done.error().code, error_code::unavailable);
  EXPECT_EQ(observed_, "put_all-");
}

TEST_F(a_dynamodb_catalog, does_not_believe_that_more_is_left_of_a_batch_than_was_sent) {
  const auto put = fmt::format(R"({{"PutRequest":{{"Item":{}}}}})", ours("bb"));
  std::string many = put;
  for (int i = 1; i < 30; ++i) many += "," + put;
  for (const std::string& left :
       {many, std::string(R"({"DeleteRequest":{"Key":{"filename":{"S":"bb"}}}})")}) {
    aws_.answer(200, fmt::format(R"({{"UnprocessedItems":{{"table":[{}]}}}})", left));
    const auto done = run_sync(store_.put_all({{.key = {"aa"}}, {.key = {"bb"}}}));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, error_code::unavailable);
  }
  EXPECT_EQ(observed_, "put_all-put_all-");
}

TEST_F(a_dynamodb_catalog, reads_consistently_where_the_table_is_asked) {
  aws_.answer(200, "{}");
  EXPECT_EQ(run_sync(store_.find({"aa"})).value(), std::nullopt);
  EXPECT_THAT(aws_.asked()[0], HasSubstr(R"("ConsistentRead":true)"));
}

TEST_F(a_dynamodb_catalog, asks_the_index_for_exactly_this_author) {
  aws_.answer(200, page(ours("aa")));
  ASSERT_EQ(run_sync(store_.by_author("Anna", "", 10)).value().items.size(), 1u);
  EXPECT_THAT(aws_.asked()[0], HasSubstr(R"("IndexName":"Author-index")"));
  EXPECT_THAT(aws_.asked()[0], HasSubstr(R"({":author":{"S":"Anna"}})"));
  EXPECT_THAT(aws_.asked()[0], HasSubstr(R"("Limit":11)"));
}

TEST_F(a_dynamodb_catalog, goes_on_over_pages_that_hold_nothing_of_its_own) {
  aws_.answer(200, page("", "k1"));
  aws_.answer(200, page(foreign("k2"), "k2"));
  aws_.answer(200, page(ours("k3") + "," + foreign("k4"), "k4"));
  aws_.answer(200, page(ours("k5") + "," + ours("k6")));
  const auto got = run_sync(store_.by_author("Anna", "", 2)).value();
  ASSERT_EQ(got.items.size(), 2u);
  EXPECT_EQ(got.items[1].key.value, "k5");
  EXPECT_TRUE(got.next);
  EXPECT_THAT(aws_.asked()[3], HasSubstr(R"("ExclusiveStartKey")"));
  EXPECT_THAT(aws_.asked()[3], HasSubstr(R"("k4")"));

  aws_.answer(200, page(ours("k6")));
  const auto rest = run_sync(store_.by_author("Anna", *got.next, 2)).value();
  EXPECT_FALSE(rest.next);
  EXPECT_THAT(aws_.asked()[4], HasSubstr(R"("k5")")) << "behind the last item of the page";
}

TEST_F(a_dynamodb_catalog, fails_in_the_middle_of_a_page_rather_than_to_show_half_of_it) {
  aws_.answer(200, page(ours("k1"), "k1"));
  for (int i = 0; i < 3; ++i) aws_.answer(500, "");
  EXPECT_EQ(run_sync(store_.scan("", 10)).error().code, error_code::unavailable);
}

TEST_F(a_dynamodb_catalog, says_unavailable_when_the_answer_is_none) {
  aws_.answer(200, "<html>");
  EXPECT_EQ(run_sync(store_.scan("", 10)).error().code, error_code::unavailable);
}

TEST_F(a_dynamodb_catalog, asks_for_an_item_to_know_whether_it_is_there) {
  aws_.answer(200, "{}");
  EXPECT_TRUE(run_sync(store_.check()));
  aws_.answer(400, R"({"__type":"x#AccessDeniedException","message":"no dynamodb:GetItem"})");
  EXPECT_EQ(run_sync(store_.check()).error().code, error_code::internal) << "trying again will not help";
}

TEST(dynamodb_items, read_as_different_when_they_are_damaged) {
  domain::catalog_item whole{.key = {"aa"}, .author = "Anna", .person = {1}, .file = {2}, .name = "n"};
  EXPECT_EQ(from_dynamodb(to_dynamodb(whole)), whole);
  for (const auto* name : {"Author", "PersonId", "Name"}) {
    auto damaged = to_dynamodb(whole);
    damaged.find(name)->second = true;
    ASSERT_TRUE(from_dynamodb(damaged)) << name;
    EXPECT_NE(from_dynamodb(damaged), whole) << name;
  }
  auto origins = to_dynamodb(whole);
  origins.erase("FileId");
  EXPECT_EQ(from_dynamodb(origins), std::nullopt);
}

}  // namespace
}  // namespace dossier::stores
