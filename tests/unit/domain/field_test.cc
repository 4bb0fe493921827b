#include "domain/field.h"

#include <regex>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "domain/hashing.h"
#include "domain/people_query.h"
#include "fakes/details.h"

namespace dossier::domain {
namespace {

TEST(fields, are_known_by_names_of_their_own) {
  std::set<std::string_view> names;
  for (const auto& one : field_rows()) EXPECT_TRUE(names.insert(one.name).second) << one.name;
  EXPECT_EQ(find_detail("technology"), fakes::technology_at);
  EXPECT_FALSE(find_detail("file_name")) << "files are no detail";
  EXPECT_FALSE(find_detail(""));
}

TEST(fields, a_number_s_pattern_takes_what_its_limits_take) {
  for (const auto& one : detail_fields()) {
    if (one.kind != field_kind::whole_number) continue;
    const std::regex pattern{std::string(one.pattern)};
    for (int number = 0; number <= 2'000; ++number) {
      for (const auto& text : {std::to_string(number), "00" + std::to_string(number)})
        EXPECT_EQ(std::regex_match(text, pattern), number <= one.most) << one.name << ' ' << text;
    }
    EXPECT_FALSE(std::regex_match("", pattern));
  }
}

TEST(fields, each_that_is_ordered_by_has_an_order_of_its_name) {
  std::vector<std::string_view> names;
  for (const auto& one : people_sorts()) {
    names.push_back(one.name);
    EXPECT_EQ(parse_sort(one.name), one.sort);
  }
  EXPECT_EQ(names, (std::vector<std::string_view>{"newest", "oldest", "name", "age"}));
  EXPECT_EQ(detail_of(people_sort::newest), std::nullopt);
  EXPECT_EQ(detail_of(people_sort::name), fakes::name_at);
  EXPECT_EQ(detail_of(people_sort::age), fakes::age_at);
  EXPECT_FALSE(parse_sort("location"));
}

// Fingerprints are stored with idempotency keys, so every version must compute the same ones.
TEST(fingerprint, is_what_it_was_when_there_were_four_fields) {
  base::sha256 hash;
  for (const std::string text : {"Anna Berg", "Oslo", "41", "C++"})
    hash.update(std::to_string(text.size()) + ":" + text);
  EXPECT_EQ(fingerprint_of(fakes::known{"Anna Berg", "Oslo", 41, "C++"}), hash.finish());
}

TEST(fields_death_test, details_have_a_value_for_each_field) {
  EXPECT_DEATH(details({"Anna Berg"}), "there is a value for each detail");
}

}  // namespace
}  // namespace dossier::domain
