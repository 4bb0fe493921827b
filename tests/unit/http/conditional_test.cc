#include "http/conditional.h"

#include <gtest/gtest.h>

#include <map>

#include "http/message.h"

namespace dossier::http {
namespace {

using kind = content_plan::kind;

class plain_request final : public request {
 public:
  explicit plain_request(std::map<std::string, std::string> headers) : headers_(std::move(headers)) {
    method = "GET";
  }
  std::optional<std::string_view> header(std::string_view name) const override {
    auto found = headers_.find(std::string(name));
    if (found == headers_.end()) return std::nullopt;
    return found->second;
  }
  base::byte_source& body() override { std::abort(); }

 private:
  std::map<std::string, std::string> headers_;
};

const auto modified = base::time_point(std::chrono::seconds(784111777) + std::chrono::milliseconds(500));
constexpr auto modified_text = "Sun, 06 Nov 1994 08:49:37 GMT";

content_plan plan(std::map<std::string, std::string> headers, std::uint64_t size = 1000) {
  return plan_content(plain_request(std::move(headers)), "\"v1\"", modified, size);
}

TEST(parse_range, reads_the_three_forms) {
  auto range = [](std::string_view text) {
    return parse_range(text, 1000);
  };
  EXPECT_EQ(range("bytes=0-99")->length, 100U);
  EXPECT_EQ(range("bytes=900-")->length, 100U);
  EXPECT_EQ(range("bytes=-100")->offset, 900U);
  EXPECT_EQ(range("Bytes = 1-2"), std::nullopt);
  EXPECT_EQ(range("BYTES=1-2")->offset, 1U);
}

TEST(parse_range, is_cut_to_the_size) {
  EXPECT_EQ(parse_range("bytes=990-5000", 1000)->length, 10U);
  EXPECT_EQ(parse_range("bytes=-5000", 1000)->length, 1000U);
  EXPECT_EQ(parse_range("bytes=0-0", 1)->length, 1U);
}

TEST(parse_range, tells_what_cannot_be_satisfied) {
  EXPECT_EQ(parse_range("bytes=1000-", 1000)->length, 0U);
  EXPECT_EQ(parse_range("bytes=-0", 1000)->length, 0U);
  EXPECT_EQ(parse_range("bytes=0-", 0)->length, 0U);
}

TEST(parse_range, ignores_many_ranges_other_units_and_nonsense) {
  for (auto text : {"bytes=0-1,5-6", "lines=0-1", "bytes=", "bytes=-", "bytes=5-1", "bytes=a-b", "bytes=1",
                    "", "bytes", "bytes=1--2", "bytes=+1-2", "bytes=99999999999999999999-"}) {
    EXPECT_FALSE(parse_range(text, 1000)) << text;
  }
}

// RFC 9110, section 14.1.2: no range begins in an empty file; its last bytes are all of it.
TEST(parse_range, of_an_empty_file) {
  for (auto text : {"bytes=0-", "bytes=0-0", "bytes=0-5", "bytes=5-", "bytes=-0"}) {
    ASSERT_TRUE(parse_range(text, 0)) << text;
    EXPECT_EQ(parse_range(text, 0)->length, 0U) << text;
    EXPECT_EQ(plan({{"range", text}}, 0).what, content_plan::kind::unsatisfiable) << text;
  }
  for (auto text : {"bytes=-1", "bytes=-5", "bytes=-999999999999", "bytes=1-0", "bytes=0-0,-1", "lines=0-"}) {
    EXPECT_FALSE(parse_range(text, 0)) << text;
    EXPECT_EQ(plan({{"range", text}}, 0).what, content_plan::kind::full) << text;
    EXPECT_EQ(plan({{"range", text}}, 0).length, 0U) << text;
  }
}

TEST(content_range, names_the_range_or_the_size) {
  EXPECT_EQ(content_range({kind::partial, 0, 100}, 1000), "bytes 0-99/1000");
  EXPECT_EQ(content_range({kind::unsatisfiable, 0, 0}, 1000), "bytes */1000");
}

TEST(etag_listed, compares_weakly_or_strongly) {
  EXPECT_TRUE(etag_listed("\"a\", \"b\"", "\"b\"", false));
  EXPECT_TRUE(etag_listed("*", "\"b\"", false));
  EXPECT_FALSE(etag_listed("W/\"b\"", "\"b\"", false));
  EXPECT_TRUE(etag_listed("W/\"b\"", "\"b\"", true));
  EXPECT_TRUE(etag_listed("\"b\"", "W/\"b\"", true));
  EXPECT_FALSE(etag_listed("\"b\"", "W/\"b\"", false));
}

TEST(etag_listed, finds_a_tag_that_holds_a_comma) {
  EXPECT_TRUE(etag_listed("\"a,b\",\"c\"", "\"a,b\"", false));
}

TEST(etag_listed, finds_nothing_in_nonsense) {
  for (auto list : {"", "b", "\"b", "W/b", ",,,", "b\""})
    EXPECT_FALSE(etag_listed(list, "\"b\"", true)) << list;
}

TEST(parse_http_date, reads_the_three_forms) {
  for (auto text : {modified_text, "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"}) {
    auto when = parse_http_date(text);
    ASSERT_TRUE(when) << text;
    EXPECT_EQ(when->time_since_epoch(), std::chrono::seconds(784111777)) << text;
  }
}

TEST(parse_http_date, refuses_what_is_no_date) {
  for (auto text :
       {"", "yesterday", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 GMTx", "Sun, 6 Nov 1994 08:49:37 GMT"}) {
    EXPECT_FALSE(parse_http_date(text)) << text;
  }
}

TEST(plan_content, sends_all_when_nothing_is_asked) {
  auto plain = plan({});
  EXPECT_EQ(plain.what, kind::full);
  EXPECT_EQ(plain.length, 1000U);
}

TEST(plan_content, answers_not_modified_by_tag_before_date) {
  EXPECT_EQ(plan({{"if-none-match", "\"v1\""}}).what, kind::not_modified);
  EXPECT_EQ(plan({{"if-none-match", "W/\"v1\""}}).what, kind::not_modified);
  EXPECT_EQ(plan({{"if-modified-since", modified_text}}).what, kind::not_modified);
  EXPECT_EQ(plan({{"if-none-match", "\"v2\""}, {"if-modified-since", modified_text}}).what, kind::full);
}

TEST(plan_content, checks_if_match) {
  EXPECT_EQ(plan({{"if-match", "\"v2\""}}).what, kind::precondition_failed);
  EXPECT_EQ(plan({{"if-match", "\"v1\""}}).what, kind::full);
  EXPECT_EQ(plan({{"if-unmodified-since", "Sun, 06 Nov 1994 08:49:36 GMT"}}).what, kind::precondition_failed);
}

TEST(plan_content, sends_one_range) {
  auto some = plan({{"range", "bytes=10-19"}});
  EXPECT_EQ(some.what, kind::partial);
  EXPECT_EQ(some.offset, 10U);
  EXPECT_EQ(some.length, 10U);
  EXPECT_EQ(plan({{"range", "bytes=5000-"}}).what, kind::unsatisfiable);
  EXPECT_EQ(plan({{"range", "bytes=0-1,3-4"}}).what, kind::full);
}

TEST(plan_content, sends_a_range_only_of_what_the_client_has) {
  EXPECT_EQ(plan({{"range", "bytes=1-2"}, {"if-range", "\"v1\""}}).what, kind::partial);
  EXPECT_EQ(plan({{"range", "bytes=1-2"}, {"if-range", "\"v2\""}}).what, kind::full);
  EXPECT_EQ(plan({{"range", "bytes=1-2"}, {"if-range", "W/\"v1\""}}).what, kind::full);
  EXPECT_EQ(plan({{"range", "bytes=1-2"}, {"if-range", modified_text}}).what, kind::partial);
}

}  // namespace
}  // namespace dossier::http
