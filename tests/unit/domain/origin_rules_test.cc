#include "domain/origin_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/hashing.h"
#include "fakes/details.h"

namespace dossier::domain {
namespace {

using testing::ElementsAre;

origin_person somebody(std::string id = "7", std::string name = "Anna Berg") {
  return {std::move(id), fakes::typed{std::move(name), "Oslo", "41", "C++"}};
}

std::vector<std::string> wrong_fields(const origin_person& row) {
  std::vector<std::string> fields;
  const auto checked = check_person(row);
  if (const auto* problems = std::get_if<std::vector<origin_problem>>(&checked)) {
    for (const auto& one : *problems) fields.push_back(one.field);
  }
  return fields;
}

file_obstacle obstacle(const people_by_name& people, const std::optional<std::string>& author) {
  return std::get<file_obstacle>(people.find(author).answer);
}

TEST(origin_rules, a_person_comes_over_with_the_id_and_a_number_for_an_age) {
  auto row = somebody();
  row.details[fakes::age_at] = " 41 ";
  row.details[fakes::name_at] = "  Zoë 😀 ";
  const auto checked = check_person(row);
  EXPECT_EQ(std::get<importable_person>(checked),
            (importable_person{
                {7}, fakes::known{.name = "Zoë 😀", .location = "Oslo", .age = 41, .technology = "C++"}}));
}

TEST(origin_rules, an_age_that_is_no_whole_number_of_0_to_150_leaves_the_person_out) {
  for (const char* age : {"forty", "200", "151", "-1", "41.5", "41 years", "", "0x29", "4 1", "4²"}) {
    auto row = somebody();
    row.details[fakes::age_at] = age;
    EXPECT_THAT(wrong_fields(row), ElementsAre("age")) << age;
  }
  for (const char* age : {"0", "150", "007", "41.0", "４１"}) {
    auto row = somebody();
    row.details[fakes::age_at] = age;
    EXPECT_THAT(wrong_fields(row), ElementsAre()) << age;
  }
}

TEST(origin_rules, every_wrong_field_is_told_with_what_it_holds) {
  const origin_person row{"7", fakes::typed{std::string(201, 'x'), " ", std::nullopt, "a\nb"}};
  EXPECT_THAT(wrong_fields(row), ElementsAre("name", "location", "age", "technology"));
  const auto problems = std::get<std::vector<origin_problem>>(check_person(row));
  EXPECT_EQ(problems[1].given, " ");
  EXPECT_EQ(problems[2].given, std::nullopt);
  EXPECT_FALSE(problems[0].message.empty());
}

TEST(origin_rules, an_id_is_a_number_from_1) {
  for (const char* id : {"0", "-3", "", "#7", "7a", "1234567890123456789"}) {
    EXPECT_THAT(wrong_fields(somebody(id)), ElementsAre("id")) << id;
  }
}

TEST(origin_rules, a_file_belongs_to_the_only_person_of_its_author_s_name) {
  people_by_name people;
  people.add(somebody("7", " Anna Berg "), standing::here);
  people.add(somebody("8", "anna berg"), standing::here);
  EXPECT_EQ(std::get<person_id>(people.find("Anna Berg").answer), person_id{7});
  EXPECT_EQ(std::get<person_id>(people.find("anna berg  ").answer), person_id{8});
  EXPECT_EQ(obstacle(people, "Anna"), file_obstacle::unknown_author);
  EXPECT_EQ(obstacle(people, std::nullopt), file_obstacle::no_item);
}

TEST(origin_rules, a_name_of_several_people_is_nobody_s_also_when_only_one_of_them_comes_over) {
  people_by_name people;
  people.add(somebody("7"), standing::here);
  people.add(somebody("9"), standing::left_out);
  const auto match = people.find("Anna Berg");
  EXPECT_EQ(std::get<file_obstacle>(match.answer), file_obstacle::several_people);
  EXPECT_THAT(match.ids, ElementsAre("7", "9"));
}

TEST(origin_rules, a_file_of_someone_who_is_not_here_stays_where_it_is) {
  people_by_name people;
  people.add(somebody("7", "Left Out"), standing::left_out);
  people.add(somebody("8", "Gone"), standing::gone);
  people.add(somebody("9", ""), standing::left_out);
  EXPECT_EQ(obstacle(people, "Left Out"), file_obstacle::person_left_out);
  EXPECT_EQ(obstacle(people, "Gone"), file_obstacle::person_gone);
  EXPECT_EQ(obstacle(people, ""), file_obstacle::unknown_author);
}

TEST(origin_rules, a_file_is_remembered_by_its_bucket_and_key) {
  const auto key = import_key(origin_object{"file-id-7", "one/file-id-7", 1});
  EXPECT_EQ(key.scope, import_scope);
  EXPECT_LE(key.key.size(), 255u);
  EXPECT_EQ(import_key(origin_object{"file-id-7", "one/file-id-7", 2}).key, key.key);
  EXPECT_NE(import_key(origin_object{"file-id-7", "two/file-id-7", 1}).key, key.key);
  EXPECT_NE(import_key(person_id{7}).key, import_key(person_id{8}).key);
}

TEST(origin_rules, a_fingerprint_tells_details_apart) {
  const details one = fakes::known{.name = "ab", .location = "c", .age = 1, .technology = "d"};
  auto other = one;
  EXPECT_EQ(fingerprint_of(one), fingerprint_of(other));
  other[fakes::name_at] = "a";
  other[fakes::location_at] = "bc";
  EXPECT_NE(fingerprint_of(one), fingerprint_of(other));
}

}  // namespace
}  // namespace dossier::domain
