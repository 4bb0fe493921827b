#include "domain/validation.h"
#include "fakes/details.h"

#include <gtest/gtest.h>

namespace dossier::domain {
namespace {

details_draft good_draft() {
  return fakes::typed{.name = "Anna Berg", .location = "Oslo", .age = "41", .technology = "C++"};
}

std::vector<std::string> fields_of(const base::error& error) {
  std::vector<std::string> fields;
  for (const auto& one : error.fields) fields.push_back(one.field);
  return fields;
}

TEST(validation, trims_white_space_of_any_kind) {
  auto draft = good_draft();
  draft[fakes::name_at] = " \t\xc2\xa0 Anna Berg \xe3\x80\x80";
  draft[fakes::age_at] = " 41 ";
  const auto checked = validate(draft);
  ASSERT_TRUE(checked);
  EXPECT_EQ(checked->name(), "Anna Berg");
  EXPECT_EQ(checked->number(fakes::age_at), 41);
}

TEST(validation, names_every_wrong_field_at_once) {
  const auto checked =
      validate(fakes::typed{.name = "", .location = std::nullopt, .age = "old", .technology = "a\nb"});
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code, base::error_code::invalid);
  EXPECT_EQ(fields_of(checked.error()), (std::vector<std::string>{"name", "location", "age", "technology"}));
}

TEST(validation, refuses_invalid_utf8_and_control_characters) {
  using namespace std::string_literals;
  for (const std::string& bad :
       {"\xff"s, "a\xc0\xaf"s, "a\0b"s, "a\x1b[0m"s, "x\xc2\x85x"s, "x\x7fy"s, "a\u2028b"s, "a\u2029b"s}) {
    auto draft = good_draft();
    draft[fakes::name_at] = bad;
    EXPECT_FALSE(validate(draft)) << testing::PrintToString(bad);
  }
}

TEST(validation, counts_characters_and_not_bytes) {
  std::string umlauts;
  for (int i = 0; i < 200; ++i) umlauts += "\xc3\xbc";
  auto draft = good_draft();
  draft[fakes::location_at] = umlauts;
  EXPECT_TRUE(validate(draft));
  draft[fakes::location_at] = umlauts + "x";
  const auto checked = validate(draft);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().fields[0].message, "Shorten the location to 200 characters or fewer");
}

TEST(validation, what_shows_nothing_is_as_good_as_empty) {
  for (const char* nothing :
       {"\u200b",     "\ufeff",     "\u115f", "\u1160", "\u3164",     "\uffa0",       "\u2800",
        "\u0301",     "\u3099",     "\u0e34", "\u00ad", "\u2060",     "\u200e\u202e", "\ufe0f",
        "\U000e0041", "\U000e0100", "\ufffe", "\ufdd0", "\U0001ffff", "\ufffc",       "\u00a0\u200d \u3164",
        "\u034f",     "\u17b4",     "\u180e", "\u061c", "\u20dd",     "\U0001d159",   "\ufff9"}) {
    const auto checked =
        validate(fakes::typed{.name = nothing, .location = nothing, .age = "1", .technology = nothing});
    ASSERT_FALSE(checked) << nothing;
    EXPECT_EQ(fields_of(checked.error()), (std::vector<std::string>{"name", "location", "technology"}));
    EXPECT_EQ(checked.error().fields[0].message, "Enter a name");
    EXPECT_EQ(checked.error().fields[2].message, "Enter a technology");
  }
  for (const char* something :
       {"x", "龙", "♥", "-", "e\u0301", "\u200bx", "👩\u200d💻", "\U00031350", "\ue000", "៖", "।"}) {
    auto draft = good_draft();
    draft[fakes::name_at] = something;
    const auto checked = validate(draft);
    ASSERT_TRUE(checked) << something;
    EXPECT_EQ(checked->name(), something);  // as it was typed
  }
}

TEST(validation, an_age_is_a_whole_number_from_0_to_150) {
  EXPECT_EQ(parse_number("0", 150), 0);
  EXPECT_EQ(parse_number("150", 150), 150);
  EXPECT_EQ(parse_number("007", 150), 7);
  for (const char* text :
       {"４２", "٤٢", "۴۲", "४२", "๔๒", "42.0", "42.00", "42,0", " ４２．０ ", "\u200b42\u200b"})
    EXPECT_EQ(parse_number(text, 150), 42) << text;
  for (const char* bad : {"", "-1", "151", "3.5", "42.01", "42.", ".0", "42.0.0", "1e2", "0x10", "+4",
                          "99999999999999999999", "4 1", "4²", "④", "½", "Ⅳ", "四", "\xff"}) {
    EXPECT_FALSE(parse_number(bad, 150)) << bad;
  }
}

TEST(validation, an_id_is_understood_as_people_type_it) {
  EXPECT_EQ(parse_id("1042"), 1042);
  EXPECT_EQ(parse_id(" no. 1042 "), 1042);
  for (const char* text :
       {"#7",   "# 7",  "7",        "no 7", "no. 7", "No.7",     "NO 7", "№7",         "№ 7",     "nr. 7",
        "Nº 7", "n° 7", "number 7", "７",   "＃７",  "Ｎｏ．７", "٧",    "no.\u00a07", "7\u200b", "0007"})
    EXPECT_EQ(parse_id(text), 7) << text;
  for (const char* bad : {"", "0", "-3", "abc", "1 2", "1e3", "9999999999999999999", "no.", "#", "#-3", "7.0",
                          "7th", "no no 7", "⑦", "7²", "anna 7"}) {
    EXPECT_FALSE(parse_id(bad)) << bad;
  }
}

TEST(validation, a_change_keeps_what_it_does_not_name) {
  const details current = fakes::known{.name = "Anna", .location = "Oslo", .age = 41, .technology = "C++"};
  const auto changed =
      validate_change(current, fakes::typed{.name = {}, .location = "Bergen", .age = {}, .technology = {}});
  ASSERT_TRUE(changed);
  EXPECT_EQ(*changed,
            details(fakes::known{.name = "Anna", .location = "Bergen", .age = 41, .technology = "C++"}));
  EXPECT_FALSE(
      validate_change(current, fakes::typed{.name = " ", .location = {}, .age = {}, .technology = {}}));
}

TEST(file_name, loses_its_folders_and_control_characters) {
  using namespace std::string_literals;
  EXPECT_EQ(*clean_file_name("../../etc/passwd"), "passwd");
  EXPECT_EQ(*clean_file_name("C:\\Users\\a\\photo.png"), "photo.png");
  EXPECT_EQ(*clean_file_name("a\r\n\0b\x7f\xc2\x9b.txt"s), "ab.txt");
  EXPECT_EQ(*clean_file_name("a\u2028\u2029b.txt"s), "ab.txt");
  EXPECT_EQ(*clean_file_name(".."), "file");
  EXPECT_EQ(*clean_file_name(""), "file");
  EXPECT_EQ(*clean_file_name("folder/"), "file");
}

std::string repeated(std::string_view piece, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += piece;
  return text;
}

TEST(file_name, has_255_characters_of_any_script) {
  for (const char* letter : {"a", "ü", "й", "龙", "अ", "😀"}) {
    EXPECT_EQ(*clean_file_name(repeated(letter, 251) + ".pdf"), repeated(letter, 251) + ".pdf");
    EXPECT_EQ(*clean_file_name(repeated(letter, 255)), repeated(letter, 255));
    EXPECT_EQ(*clean_file_name(repeated(letter, 300)), repeated(letter, 255));
  }
}

TEST(file_name, keeps_its_ending_when_it_is_cut) {
  for (const char* letter : {"a", "ü", "龙", "😀"}) {
    EXPECT_EQ(*clean_file_name(repeated(letter, 400) + ".pdf"), repeated(letter, 251) + ".pdf");
    EXPECT_EQ(*clean_file_name(repeated(letter, 400) + ".tar.gz"), repeated(letter, 248) + ".tar.gz");
    EXPECT_EQ(*clean_file_name(repeated(letter, 400) + ".документ"), repeated(letter, 246) + ".документ");
  }
  EXPECT_EQ(*clean_file_name(repeated("a", 250) + "     b.pdf"), repeated("a", 250) + ".pdf");
  EXPECT_EQ(*clean_file_name("." + repeated("a", 400)), "." + repeated("a", 254));
  EXPECT_EQ(*clean_file_name("a." + repeated("b", 400)), "a." + repeated("b", 253));
}

TEST(file_name, is_cut_between_what_people_see_as_characters) {
  // e with a combining accent; a family, shown as one picture; a syllable of three letters
  for (const std::string_view one : {"e\u0301", "👩\u200d👩\u200d👧", "\u1112\u1161\u11ab"}) {
    const auto cut = *clean_file_name(repeated(one, 200) + ".txt");
    const std::string_view stem(cut.data(), cut.size() - 4);
    EXPECT_TRUE(cut.ends_with(".txt"));
    EXPECT_EQ(stem.size() % one.size(), 0u);
    EXPECT_EQ(stem, repeated(one, static_cast<int>(stem.size() / one.size())));
    EXPECT_GT(stem.size(), 200u);
  }
  EXPECT_TRUE(clean_file_name("e" + repeated("\u0301", 400) + ".txt")->ends_with(".txt"));
}

TEST(file_name, that_shows_nothing_is_file) {
  for (const char* nothing : {"\u200b", "\u3164", " \u2800 ", "\u0301"})
    EXPECT_EQ(*clean_file_name(nothing), "file");
}

TEST(file_name, must_be_utf8) {
  const auto name = clean_file_name("a\xff.png");
  ASSERT_FALSE(name);
  EXPECT_EQ(name.error().fields[0].field, "file_name");
}

}  // namespace
}  // namespace dossier::domain
