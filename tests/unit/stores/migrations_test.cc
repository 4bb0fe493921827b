#include "stores/sql/migrations.h"

#include <gtest/gtest.h>

#include "base/log.h"
#include "fakes/manual_clock.h"
#include "fakes/temporary_folder.h"
#include "stores/sql/query.h"
#include "stores/sql/sqlite/sqlite_connection.h"

namespace dossier::stores::sql {
namespace {

using base::embedded_file;

constexpr embedded_file first{"0001_first.sql", "CREATE TABLE a (id INTEGER);"};
constexpr embedded_file second{"0002_second.sql", "CREATE TABLE b (id INTEGER); INSERT INTO b VALUES (1);"};
constexpr embedded_file broken{"0002_second.sql", "CREATE TABLE b (id INTEGER); NOT SQL AT ALL;"};
constexpr embedded_file changed{"0001_first.sql", "CREATE TABLE a (id INTEGER, more TEXT);"};

class migrations : public testing::Test {
 protected:
  migrations() { base::start_log(base::log_format::text, base::log_level::off); }

  base::result<int> apply(std::vector<embedded_file> scripts) { return apply_migrations(on_, scripts); }
  std::vector<bool> status(std::vector<embedded_file> scripts) {
    std::vector<bool> applied;
    for (const auto& one : check_migrations(on_, scripts).value()) applied.push_back(one.applied);
    return applied;
  }

  fakes::temporary_folder folder_;
  fakes::manual_clock clock_;
  sqlite_connection on_{(folder_.path() / "test.db").string(), clock_, {}};
};

TEST_F(migrations, run_once_in_the_order_of_their_numbers) {
  EXPECT_EQ(apply({second, first}).value(), 2);
  EXPECT_EQ(apply({first, second}).value(), 0);
  EXPECT_TRUE(on_.has_table("a"));
  EXPECT_TRUE(on_.has_table("b"));
}

TEST_F(migrations, run_what_was_added_since) {
  EXPECT_EQ(apply({first}).value(), 1);
  EXPECT_EQ(status({first, second}), (std::vector<bool>{true, false}));
  EXPECT_EQ(apply({first, second}).value(), 1);
}

TEST_F(migrations, looking_changes_nothing) {
  EXPECT_EQ(status({first, second}), (std::vector<bool>{false, false}));
  EXPECT_FALSE(on_.has_table("schema_migration"));
}

TEST_F(migrations, refuse_one_that_was_changed_after_it_was_run) {
  apply({first}).value();
  const auto done = apply({changed, second});
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().message.find("0001_first.sql"), std::string::npos);
  EXPECT_FALSE(on_.has_table("b"));
  EXPECT_FALSE(check_migrations(on_, std::vector{changed}));
}

TEST_F(migrations, refuse_the_data_of_a_newer_version) {
  apply({first, second}).value();
  const auto done = apply({first});
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().message.find("newer"), std::string::npos);
}

TEST_F(migrations, allow_one_step_ahead_where_nodes_are_replaced_one_by_one) {
  apply({first, second}).value();
  EXPECT_EQ(apply_migrations(on_, std::vector{first}, step_ahead::allowed).value(), 0);
  const auto status = check_migrations(on_, std::vector{first}, step_ahead::allowed).value();
  ASSERT_EQ(status.size(), 2u);
  EXPECT_TRUE(status[1].newer);
  EXPECT_EQ(status[1].name, "0002_second.sql");
}

TEST_F(migrations, one_that_fails_leaves_nothing_and_may_be_run_again) {
  EXPECT_FALSE(apply({first, broken}));
  EXPECT_TRUE(on_.has_table("a"));
  EXPECT_FALSE(on_.has_table("b"));
  EXPECT_EQ(status({first, second}), (std::vector<bool>{true, false}));
  EXPECT_EQ(apply({first, second}).value(), 1);
}

}  // namespace
}  // namespace dossier::stores::sql
