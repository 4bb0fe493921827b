#include <gtest/gtest.h>

#include "base/json_text.h"
#include "base/text.h"
#include "fakes/details.h"
#include "web/json_body.h"

namespace dossier::web {
namespace {

std::string quoted(std::string_view text) {
  std::string json;
  base::append_json_string(json, text);
  return json;
}

// "field: message" of each, in order.
std::string errors_of(const std::vector<base::field_error>& fields) {
  std::string all;
  for (const auto& each : fields) all += each.field + ": " + each.message + '\n';
  return all;
}

TEST(json_text, escapes_what_json_escapes) {
  EXPECT_EQ(quoted("plain"), R"("plain")");
  EXPECT_EQ(quoted("a\"b\\c\n\t\r\x01/"), R"("a\"b\\c\n\t\u000d\u0001/")");
  EXPECT_EQ(quoted("Åsa 🎉"), "\"Åsa 🎉\"");
  EXPECT_EQ(quoted(std::string_view("\0", 1)), R"("\u0000")");
}

TEST(json_text, replaces_what_is_not_utf8) {
  EXPECT_EQ(quoted("a\xff\"b"), "\"a\xef\xbf\xbd\\\"b\"");
  EXPECT_EQ(base::readable_text("\xc3\xa5\xc3"), "\xc3\xa5\xef\xbf\xbd");
}

TEST(json_body, reads_details_with_age_as_number_or_text) {
  const auto number = parse_details(R"( {"name":"Åsa","location":"Oslo","age":41,"technology":"C++"} )");
  ASSERT_TRUE(number);
  EXPECT_EQ(number->draft[fakes::name_at], "Åsa");
  EXPECT_EQ(number->draft[fakes::age_at], "41");
  EXPECT_TRUE(number->wrong.empty());
  EXPECT_EQ(parse_details(R"({"age":"41"})")->draft[fakes::age_at], "41");
  EXPECT_EQ(parse_details(R"({"name":"\u00e5\ud83c\udf89"})")->draft[fakes::name_at], "å🎉");
  EXPECT_FALSE(parse_details("{}")->draft[fakes::name_at]);
}

TEST(json_body, refuses_what_is_not_one_object) {
  for (const char* text : {"", "[]", "1", "null", "\"x\"", "{", "{}{}", "{} x", "{\"a\":}", "{'name':1}",
                           "{\"a\":1,}", "\xef\xbb\xbf{}", "{\"name\":\"\xff\"}", "{\"name\":\"\\ud800\"}",
                           "{\"a\":01}", "{\"a\":NaN}", "{//x\n}", "{\"a\":\"\n\"}"}) {
    const auto parsed = parse_details(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, base::error_code::malformed) << text;
  }
}

TEST(json_body, refuses_deep_nesting) {
  const std::string deep = "{\"a\":" + std::string(100'000, '[');
  const auto parsed = parse_details(deep);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code, base::error_code::malformed);
}

TEST(json_body, names_members_of_a_wrong_type) {
  const auto parsed = parse_details(
      R"({"name":["x",{"age":1}],"location":{"name":"y"},"age":true,"technology":7,"files":[]})");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(errors_of(parsed->wrong),
            "name: Send text, in quotes\nlocation: Send text, in quotes\nage: Send a whole number\n"
            "technology: Send text, in quotes\nfiles: There is no such member; leave it out\n");
  EXPECT_FALSE(parsed->draft[fakes::name_at] || parsed->draft[fakes::location_at] ||
               parsed->draft[fakes::age_at] || parsed->draft[fakes::technology_at]);
}

TEST(json_body, names_members_that_came_twice) {
  const auto parsed = parse_details(R"({"name":"a","name":"b","name":"c"})");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->draft[fakes::name_at], "a");
  EXPECT_EQ(errors_of(parsed->wrong), "name: Send this member once\n");
}

TEST(json_body, tells_wrong_types_and_wrong_values_together) {
  const auto parsed = parse_details(R"({"name":7,"age":151})");
  ASSERT_TRUE(parsed);
  const auto creating = all_errors(*parsed, true);
  ASSERT_EQ(creating.fields.size(), 4u);
  EXPECT_EQ(creating.fields[0].field, "name");
  const auto editing = all_errors(*parsed, false);
  ASSERT_EQ(editing.fields.size(), 2u);
  EXPECT_EQ(editing.fields[1].field, "age");
}

TEST(json_body, age_may_be_any_way_to_write_a_whole_number) {
  for (const auto* text : {R"({"age":42})", R"({"age":42.0})", R"({"age":4.2e1})", R"({"age":"42"})",
                           R"({"age":"42.0"})", R"({"age":"４２"})"}) {
    const auto parsed = parse_details(text);
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(domain::parse_number(*parsed->draft[fakes::age_at], 150), 42) << text;
  }
}

TEST(json_body, leaves_fractions_and_huge_numbers_to_the_rules_of_age) {
  for (const char* text :
       {R"({"age":1.5})", R"({"age":1e3})", R"({"age":-1})", R"({"age":18446744073709551615})",
        R"({"age":99999999999999999999999})", R"({"age":null})"}) {
    const auto parsed = parse_details(text);
    ASSERT_TRUE(parsed) << text;
    EXPECT_FALSE(domain::parse_number(parsed->draft[fakes::age_at].value(), 150)) << text;
  }
}

TEST(json_body, bounds_what_it_says_of_unknown_members) {
  const auto parsed = parse_details("{\"" + std::string(4000, 'x') + "\":1}");
  ASSERT_TRUE(parsed);
  ASSERT_EQ(parsed->wrong.size(), 1u);
  EXPECT_LE(parsed->wrong[0].field.size(), 64u);
}

}  // namespace
}  // namespace dossier::web
