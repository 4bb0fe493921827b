#include "web/api/list_query.h"

#include <gtest/gtest.h>

#include "fakes/details.h"
#include "web/api/resources.h"

namespace dossier::web::api {
namespace {

using enum domain::comparison;

std::string wrong_fields(const base::error& failed) {
  std::string all;
  for (const auto& each : failed.fields) all += each.field + ' ';
  return all;
}

TEST(people_parameters, are_all_optional) {
  const auto query = parse_people_query("");
  ASSERT_TRUE(query);
  EXPECT_EQ(query->limit, 20);
  EXPECT_EQ(query->sort, domain::people_sort::newest);
  EXPECT_FALSE(!query->filters.empty() || query->has_files || query->cursor);
}

TEST(people_parameters, become_a_query) {
  const auto query = parse_people_query(
      "q=anna+b%C3%A9&technology=C%2B%2B&location=Oslo&age_from=0&age_to=150&has_files=false&sort=age&limit="
      "100");
  ASSERT_TRUE(query);
  EXPECT_EQ(query->words, "anna bé");
  EXPECT_EQ(fakes::text_of(*query, fakes::technology_at, begins_with), "C++");
  EXPECT_EQ(fakes::text_of(*query, fakes::location_at, begins_with), "Oslo");
  EXPECT_EQ(fakes::number_of(*query, fakes::age_at, at_least), 0);
  EXPECT_EQ(fakes::number_of(*query, fakes::age_at, at_most), 150);
  EXPECT_EQ(query->has_files, false);
  EXPECT_EQ(query->sort, domain::people_sort::age);
  EXPECT_EQ(query->limit, 100);
}

TEST(people_parameters, have_an_exact_form_of_their_own) {
  const auto query = parse_people_query("technology_exact=C&location_exact=+Oslo+&technology=c");
  ASSERT_TRUE(query);
  EXPECT_EQ(fakes::text_of(*query, fakes::technology_at, equals), "C");
  EXPECT_EQ(fakes::text_of(*query, fakes::location_at, equals), "Oslo");
  EXPECT_EQ(fakes::text_of(*query, fakes::technology_at, begins_with), "c");
  EXPECT_FALSE(fakes::text_of(*query, fakes::location_at, begins_with));
  EXPECT_FALSE(parse_people_query("technology_exact=" + std::string(501, 'a')));
}

TEST(people_parameters, are_named_when_they_are_wrong) {
  const auto query = parse_people_query(
      "q=%ff&age_from=x&age_to=151&has_files=maybe&sort=size&limit=0&cursor=zzz&tecnology=C&limit=2");
  ASSERT_FALSE(query);
  EXPECT_EQ(query.error().code, base::error_code::invalid);
  EXPECT_EQ(wrong_fields(query.error()), "q age_from age_to has_files limit sort cursor tecnology ");
}

TEST(people_parameters, refuse_limits_outside_1_to_100) {
  for (const char* text :
       {"limit=0", "limit=101", "limit=-1", "limit=", "limit=1e1", "limit=99999999999", "limit=1.5"}) {
    EXPECT_FALSE(parse_people_query(text)) << text;
  }
}

TEST(people_parameters, refuse_ages_in_the_wrong_order) {
  const auto query = parse_people_query("age_from=41&age_to=40");
  ASSERT_FALSE(query);
  EXPECT_EQ(wrong_fields(query.error()), "age_to ");
}

TEST(people_parameters, keep_the_order_of_their_cursor) {
  const auto cursor = domain::encode_cursor({.sort = domain::people_sort::name, .key = "anna", .id = 7});
  const auto alone = parse_people_query("cursor=" + cursor);
  ASSERT_TRUE(alone);
  EXPECT_EQ(alone->sort, domain::people_sort::name);
  EXPECT_EQ(alone->cursor->id, 7);
  EXPECT_TRUE(parse_people_query("sort=name&cursor=" + cursor));
  const auto other = parse_people_query("sort=age&cursor=" + cursor);
  ASSERT_FALSE(other);
  EXPECT_EQ(wrong_fields(other.error()), "cursor ");
}

TEST(people_parameters, that_break_their_encoding_are_malformed) {
  const auto query = parse_people_query("q=%4");
  ASSERT_FALSE(query);
  EXPECT_EQ(query.error().code, base::error_code::malformed);
}

TEST(catalog_parameters, need_an_author) {
  const auto missing = parse_catalog_query("limit=5");
  ASSERT_FALSE(missing);
  EXPECT_EQ(wrong_fields(missing.error()), "author ");
  EXPECT_FALSE(parse_catalog_query("author=++"));
  const auto query = parse_catalog_query("author=Anna+Berg&cursor=abc&limit=5");
  ASSERT_TRUE(query);
  EXPECT_EQ(query->author, "Anna Berg");
  EXPECT_EQ(query->cursor, "abc");
  EXPECT_EQ(query->limit, 5);
}

TEST(if_match, names_versions_or_any) {
  EXPECT_TRUE(parse_if_match("*").any);
  EXPECT_TRUE(parse_if_match("  * ").any);
  EXPECT_EQ(parse_if_match("\"3\"").versions, (std::vector<std::int64_t>{3}));
  EXPECT_EQ(parse_if_match("\"3\" , \"4\"").versions, (std::vector<std::int64_t>{3, 4}));
}

TEST(if_match, matches_nothing_when_the_tag_is_weak_or_foreign) {
  for (const char* header :
       {"W/\"3\"", "3", "\"\"", "\"x\"", "\"3", "", "\"03\"", "\"-3\"", "\"3.0\"", "**"}) {
    const auto expected = parse_if_match(header);
    EXPECT_FALSE(expected.any) << header;
    EXPECT_TRUE(expected.versions.empty()) << header;
  }
}

TEST(if_match, that_cannot_match_says_what_an_etag_looks_like) {
  for (const char* header : {"1", "\"1", "1\"", "'1'", "\"1\" \"2\"", "\"1\"2", "w/\"1\"", "W/1", "", " ",
                             ",", "\"1\", 2", "“1”", "**", "*, \"1\""}) {
    const auto wrong = misspelled_if_match(header, "\"7\"");
    ASSERT_TRUE(wrong) << header;
    EXPECT_EQ(wrong->status, 412u);
    EXPECT_NE(wrong->detail.find("double quotes"), std::string::npos) << header;
    EXPECT_NE(wrong->detail.find("If-Match: \"7\""), std::string::npos) << header;
  }
  for (const char* header : {"W/\"1\"", "W/\"1\", W/\"2\"", " W/\"\""}) {
    const auto wrong = misspelled_if_match(header, "\"7\"");
    ASSERT_TRUE(wrong) << header;
    EXPECT_NE(wrong->detail.find("weak"), std::string::npos) << header;
  }
  for (const char* header :
       {"*", " * ", "\"1\"", "\"x\"", "\"\"", "\"a,b\"", "W/\"1\", \"1\"", ", \"1\" ,,\"2\""}) {
    EXPECT_FALSE(misspelled_if_match(header, "\"7\"")) << header;
  }
}

TEST(people_parameters, bound_the_words_to_search_for) {
  const auto text = [](const std::string& word, int count) {
    std::string all;
    for (int i = 0; i < count; ++i) all += word;
    return all;
  };
  EXPECT_TRUE(parse_people_query("q=" + text("x", 200)));
  EXPECT_TRUE(parse_people_query("q=" + text("%E6%9D%8E", 200))) << "characters, not bytes";
  EXPECT_TRUE(parse_people_query("q=" + text("%F0%9F%98%80", 200)));
  EXPECT_TRUE(parse_people_query("q=" + text("+", 500) + text("x", 200)));
  EXPECT_TRUE(parse_people_query("q=" + text("a+", 32)));
  for (const auto& q : {text("x", 201), text("%E6%9D%8E", 201), text("x", 8000), text("a+", 33),
                        text("a%09%0A", 33), text("a+b+", 2000), text("%CC%81", 1000)}) {
    const auto query = parse_people_query("q=" + q);
    ASSERT_FALSE(query) << q.substr(0, 20);
    EXPECT_EQ(query.error().code, base::error_code::invalid);
    EXPECT_EQ(wrong_fields(query.error()), "q ");
  }
}

TEST(path_id, is_digits_from_one) {
  EXPECT_EQ(path_id("1"), 1);
  EXPECT_EQ(path_id("999999999999999999"), 999999999999999999);
  for (const char* text :
       {"", "0", "01", "-1", "+1", "1.0", "1x", "x", "%31", "9999999999999999999", "no. 1"}) {
    EXPECT_FALSE(path_id(text)) << text;
  }
}

}  // namespace
}  // namespace dossier::web::api
