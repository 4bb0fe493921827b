#include "domain/validation.h"

#include <gtest/gtest.h>

namespace dossier::domain {
namespace {

details_draft good_draft() {
  return {.name = "Anna Berg", .location = "Oslo", .age = "41", .technology = "C++"};
}

std::vector<std::string> fields_of(const base::error& error) {
  std::vector<std::string> fields;
  for (const auto& one : error.fields) fields.push_back(one.field);
  return fields;
}

TEST(Validation, trims_white_space_of_any_kind) {
  auto draft = good_draft();
  draft.name = " \t\xc2\xa0 Anna Berg \xe3\x80\x80";
  draft.age = " 41 ";
  const auto checked = validate(draft);
  ASSERT_TRUE(checked);
  EXPECT_EQ(checked->name, "Anna Berg");
  EXPECT_EQ(checked->age, 41);
}

TEST(Validation, names_every_wrong_field_at_once) {
  const auto checked = validate({.name = "", .location = std::nullopt, .age = "old", .technology = "a\nb"});
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code, base::error_code::invalid);
  EXPECT_EQ(fields_of(checked.error()), (std::vector<std::string>{"name", "location", "age", "technology"}));
}

TEST(Validation, refuses_invalid_utf8_and_control_characters) {
  using namespace std::string_literals;
  for (const std::string& bad : {"\xff"s, "a\xc0\xaf"s, "a\0b"s, "a\x1b[0m"s, "x\xc2\x85x"s, "x\x7fy"s}) {
    auto draft = good_draft();
    draft.name = bad;
    EXPECT_FALSE(validate(draft)) << testing::PrintToString(bad);
  }
}

TEST(Validation, counts_characters_and_not_bytes) {
  std::string umlauts;
  for (int i = 0; i < 200; ++i) umlauts += "\xc3\xbc";
  auto draft = good_draft();
  draft.location = umlauts;
  EXPECT_TRUE(validate(draft));
  draft.location = umlauts + "x";
  const auto checked = validate(draft);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().fields[0].message, "Shorten the location to 200 characters or fewer");
}

TEST(Validation, an_age_is_a_whole_number_from_0_to_150) {
  EXPECT_EQ(parse_age("0"), 0);
  EXPECT_EQ(parse_age("150"), 150);
  EXPECT_EQ(parse_age("007"), 7);
  for (const char* bad :
       {"", "-1", "151", "3.5", "1e2", "0x10", "+4", "99999999999999999999", "4 1", "\xff"}) {
    EXPECT_FALSE(parse_age(bad)) << bad;
  }
}

TEST(Validation, an_id_is_understood_as_people_type_it) {
  EXPECT_EQ(parse_id("1042"), 1042);
  EXPECT_EQ(parse_id(" no. 1042 "), 1042);
  EXPECT_EQ(parse_id("#7"), 7);
  for (const char* bad : {"", "0", "-3", "abc", "1 2", "1e3", "9999999999999999999", "no."}) {
    EXPECT_FALSE(parse_id(bad)) << bad;
  }
}

TEST(Validation, a_change_keeps_what_it_does_not_name) {
  const details current{.name = "Anna", .location = "Oslo", .age = 41, .technology = "C++"};
  const auto changed =
      validate_change(current, {.name = {}, .location = "Bergen", .age = {}, .technology = {}});
  ASSERT_TRUE(changed);
  EXPECT_EQ(*changed, (details{.name = "Anna", .location = "Bergen", .age = 41, .technology = "C++"}));
  EXPECT_FALSE(validate_change(current, {.name = " ", .location = {}, .age = {}, .technology = {}}));
}

TEST(FileName, loses_its_folders_and_control_characters) {
  using namespace std::string_literals;
  EXPECT_EQ(*clean_file_name("../../etc/passwd"), "passwd");
  EXPECT_EQ(*clean_file_name("C:\\Users\\a\\photo.png"), "photo.png");
  EXPECT_EQ(*clean_file_name("a\r\n\0b\x7f\xc2\x9b.txt"s), "ab.txt");
  EXPECT_EQ(*clean_file_name(".."), "file");
  EXPECT_EQ(*clean_file_name(""), "file");
  EXPECT_EQ(*clean_file_name("folder/"), "file");
}

TEST(FileName, is_cut_between_characters) {
  std::string name;
  for (int i = 0; i < 200; ++i) name += "\xc3\xbc";
  const auto cut = clean_file_name(name);
  ASSERT_TRUE(cut);
  EXPECT_EQ(cut->size(), 254u);
}

TEST(FileName, must_be_utf8) {
  const auto name = clean_file_name("a\xff.png");
  ASSERT_FALSE(name);
  EXPECT_EQ(name.error().fields[0].field, "file_name");
}

}  // namespace
}  // namespace dossier::domain
