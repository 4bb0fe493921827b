#include <gtest/gtest.h>

#include "fakes/details.h"
#include "web/pages/directory_query.h"

namespace dossier::web {
namespace {

using enum domain::comparison;

directory_query read(std::string_view query) {
  auto asked = read_directory_query(query);
  EXPECT_TRUE(asked);
  return asked.value_or(directory_query{});
}

TEST(directory_query, reads_what_the_form_sends) {
  const auto asked =
      read("q=anna+b&technology=C%2B%2B&location=&age_from=30&age_to=&has_files=yes&sort=name");
  EXPECT_EQ(asked.q, "anna b");
  EXPECT_EQ(asked.filter("technology"), "C++");
  EXPECT_EQ(asked.filter("location"), "");
  EXPECT_TRUE(asked.filtered());
  const auto [query, wrong] = to_people_query(asked);
  EXPECT_TRUE(wrong.empty());
  EXPECT_EQ(query.words, "anna b");
  EXPECT_EQ(fakes::number_of(query, fakes::age_at, at_least), 30);
  EXPECT_FALSE(fakes::number_of(query, fakes::age_at, at_most));
  EXPECT_EQ(query.has_files, true);
  EXPECT_EQ(query.sort, domain::people_sort::name);
}

TEST(directory_query, writes_an_address_that_reads_the_same) {
  directory_query asked;
  asked.q = "a&b=c #é";
  asked.filter("technology") = "C++";
  asked.sort = "age";
  const auto address = directory_address(asked);
  EXPECT_EQ(address, "/people?q=a%26b%3Dc%20%23%C3%A9&technology=C%2B%2B&sort=age");
  const auto again = read(address.substr(address.find('?') + 1));
  EXPECT_EQ(again.q, asked.q);
  EXPECT_EQ(again.filters, asked.filters);
  EXPECT_EQ(again.sort, asked.sort);
  EXPECT_EQ(directory_address({}), "/people");
}

TEST(directory_query, names_ages_that_make_no_sense_and_leaves_them_out) {
  auto [query, wrong] = to_people_query(read("age_from=old&age_to=151"));
  ASSERT_EQ(wrong.size(), 2U);
  EXPECT_EQ(wrong[0].field, "age_from");
  EXPECT_EQ(wrong[1].field, "age_to");
  EXPECT_TRUE(query.filters.empty());
  EXPECT_EQ(to_people_query(read("age_from=40&age_to=30")).second.size(), 1U);
}

TEST(directory_query, names_a_search_that_is_too_long_and_leaves_it_out) {
  const auto wrong_with = [](const std::string& q) {
    const auto [query, wrong] = to_people_query({.q = q});
    EXPECT_EQ(query.words, wrong.empty() ? q : "");
    return wrong.empty() ? std::string() : wrong[0].field + ": " + wrong[0].message;
  };
  EXPECT_EQ(wrong_with(std::string(200, 'x')), "");
  EXPECT_EQ(wrong_with(std::string(201, 'x')), "q: Shorten the search to 200 characters or fewer");
  EXPECT_EQ(wrong_with("a b c d e f g h i j k l m n o p q r s t u v w x y z 1 2 3 4 5 6"), "");
  EXPECT_EQ(wrong_with("a b c d e f g h i j k l m n o p q r s t u v w x y z 1 2 3 4 5 6 7"),
            "q: Search for at most 32 words");
}

TEST(directory_query, ignores_what_it_does_not_know) {
  const auto asked = read("sort=nonsense&has_files=perhaps&cursor=%21%21&other=1");
  EXPECT_EQ(directory_address({.sort = asked.sort}), "/people");
  const auto [query, wrong] = to_people_query(asked);
  EXPECT_TRUE(wrong.empty());
  EXPECT_FALSE(query.cursor);
  EXPECT_FALSE(query.has_files);
}

TEST(directory_query, leaves_out_a_cursor_of_another_order) {
  directory_query asked;
  asked.cursor = domain::encode_cursor({.sort = domain::people_sort::name, .key = "anna", .id = 7});
  asked.sort = "name";
  EXPECT_TRUE(to_people_query(asked).first.cursor);
  asked.sort = "age";
  EXPECT_FALSE(to_people_query(asked).first.cursor);
}

TEST(directory_query, a_filter_has_as_many_characters_as_what_it_is_compared_with) {
  directory_query asked;
  for (int i = 0; i < 200; ++i) asked.filter("technology") += "😀";
  EXPECT_TRUE(to_people_query(asked).second.empty());
  asked.filter("technology") += "x";
  const auto [query, wrong] = to_people_query(asked);
  ASSERT_EQ(wrong.size(), 1u);
  EXPECT_EQ(wrong[0].field, "technology");
  EXPECT_TRUE(query.filters.empty());
}

TEST(directory_query, refuses_an_address_that_is_not_text) {
  EXPECT_FALSE(read_directory_query("q=%FF"));
  EXPECT_FALSE(read_directory_query("q=%zz"));
}

}  // namespace
}  // namespace dossier::web
