// The table itself: every row that is added to it must keep to the rules.
#include "app/settings.h"

#include <set>

#include <gtest/gtest.h>

namespace dossier::app {
namespace {

TEST(every_setting, is_complete) {
  for (const auto& row : all_settings()) {
    EXPECT_FALSE(row.description.empty()) << row.name;
    EXPECT_FALSE(row.form.empty()) << row.name;
    EXPECT_TRUE(row.assign) << row.name;
    EXPECT_TRUE(row.show) << row.name;
    EXPECT_FALSE(row.description.ends_with('.')) << row.name;
  }
}

TEST(every_setting, has_a_name_a_variable_and_a_flag_of_its_own) {
  std::set<std::string> names;
  std::set<std::string> variables;
  std::set<std::string> flags;
  for (const auto& row : all_settings()) {
    EXPECT_TRUE(names.emplace(row.name).second) << row.name;
    EXPECT_TRUE(variables.insert(variable_of(row)).second) << row.name;
    EXPECT_TRUE(flags.insert(flag_of(row)).second) << row.name;
  }
}

TEST(every_setting, reads_back_what_it_shows) {
  const settings defaults;
  for (const auto& row : all_settings()) {
    settings again;
    const auto shown = row.show(defaults);
    ASSERT_TRUE(row.assign(again, shown)) << row.name << " " << shown;
    EXPECT_EQ(row.show(again), shown) << row.name;
  }
}

TEST(a_setting, is_named_alike_in_file_environment_and_flags) {
  setting row;
  row.name = "http.idle_time";
  EXPECT_EQ(variable_of(row), "DOSSIER_HTTP_IDLE_TIME");
  EXPECT_EQ(flag_of(row), "--http-idle-time");
}

}  // namespace
}  // namespace dossier::app
