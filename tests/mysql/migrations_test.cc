// Migrating by several nodes, after a crash, and on a database that a newer Dossier has migrated.
#include <thread>

#include "fakes/details.h"
#include "mysql_test.h"
#include "stores/sql/mysql/mysql_records.h"

namespace dossier::stores::sql {
namespace {

class mysql_migrations_test : public testing::Test {
 protected:
  mysql_migrations_test() { base::start_log(base::log_format::text, base::log_level::off); }

  fakes::test_database database_;
};

TEST_F(mysql_migrations_test, several_nodes_start_at_once_and_one_migrates) {
  std::atomic<int> migrated = 0;
  {
    std::vector<std::jthread> nodes;
    for (int i = 0; i < 4; ++i) {
      nodes.emplace_back([&] {
        const auto made = open_mysql_records(database_.settings(), {});
        ASSERT_TRUE(made) << made.error().message;
        migrated += made->migrated;
      });
    }
  }
  EXPECT_EQ(migrated, 3);
  EXPECT_EQ(database_.ask("SELECT COUNT(*) FROM schema_migration"), "3");
}

TEST_F(mysql_migrations_test, the_status_tells_and_changes_nothing) {
  const auto before = stores::mysql_migration_status(database_.settings());
  ASSERT_TRUE(before);
  EXPECT_FALSE(before->at(0).applied);
  EXPECT_EQ(database_.ask("SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE()"),
            "0");
  ASSERT_TRUE(open_mysql_records(database_.settings(), {}));
  EXPECT_TRUE(stores::mysql_migration_status(database_.settings())->at(0).applied);
}

TEST_F(mysql_migrations_test, a_crash_before_the_note_is_made_good_by_running_again) {
  ASSERT_TRUE(open_mysql_records(database_.settings(), {}));
  database_.run("DELETE FROM schema_migration");
  database_.run("DROP TABLE history");
  const auto again = open_mysql_records(database_.settings(), {});
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->migrated, 3);
  EXPECT_EQ(database_.ask("SELECT COUNT(*) FROM history"), "0");
}

TEST_F(mysql_migrations_test, a_schema_one_step_newer_is_worked_on) {
  ASSERT_TRUE(open_mysql_records(database_.settings(), {}));
  database_.run("INSERT INTO schema_migration VALUES (4, '0004_next.sql', REPEAT('0', 64), 0)");
  const auto started = open_mysql_records(database_.settings(), {});
  ASSERT_TRUE(started) << started.error().message;
  EXPECT_EQ(started->migrated, 0);
  EXPECT_TRUE(fakes::run_sync(started->store->check()));
  const auto status = stores::mysql_migration_status(database_.settings());
  ASSERT_TRUE(status);
  ASSERT_EQ(status->size(), 4u);
  EXPECT_FALSE(status->at(0).newer || status->at(2).newer);
  EXPECT_EQ(status->at(3).name, "0004_next.sql");
  EXPECT_TRUE(status->at(3).newer && status->at(3).applied);
}

TEST_F(mysql_migrations_test, a_schema_two_steps_newer_is_refused) {
  ASSERT_TRUE(open_mysql_records(database_.settings(), {}));
  database_.run("INSERT INTO schema_migration VALUES (4, '0004_next.sql', REPEAT('0', 64), 0)");
  database_.run("INSERT INTO schema_migration VALUES (5, '0005_after.sql', REPEAT('0', 64), 0)");
  const auto refused = open_mysql_records(database_.settings(), {});
  ASSERT_FALSE(refused);
  const auto& said = refused.error().message;
  EXPECT_TRUE(
      said.contains("newer Dossier (0005_after.sql; the last that this one knows is 0003_accounts.sql"))
      << said;
  EXPECT_TRUE(said.contains("Use that version")) << said;
  EXPECT_FALSE(stores::mysql_migration_status(database_.settings()));
}

TEST_F(mysql_migrations_test, a_script_that_left_a_number_out_is_two_steps) {
  ASSERT_TRUE(open_mysql_records(database_.settings(), {}));
  database_.run("INSERT INTO schema_migration VALUES (5, '0005_without_the_old.sql', REPEAT('0', 64), 0)");
  EXPECT_FALSE(open_mysql_records(database_.settings(), {}));
}

TEST_F(mysql_migrations_test, a_running_node_goes_on_on_a_newer_schema) {
  const auto old = open_mysql_records(database_.settings(), {});
  ASSERT_TRUE(old);
  ASSERT_TRUE(fakes::run_sync(old->store->check()));
  database_.run("INSERT INTO schema_migration VALUES (99, '0099_later.sql', REPEAT('0', 64), 0)");
  database_.run("ALTER TABLE person ADD COLUMN later INT NOT NULL DEFAULT 0");
  domain::commit_request request;
  request.lease = {"lease"};
  request.lease_for = 15s;
  request.details = fakes::known{"Anna Berg", "Oslo", 41, "C++"};
  EXPECT_TRUE(fakes::run_sync(old->store->commit_submission(request)));
  EXPECT_TRUE(fakes::run_sync(old->store->check()));
}

TEST_F(mysql_migrations_test, these_rights_are_enough_to_migrate_and_to_work) {
  database_.run("CREATE USER IF NOT EXISTS least IDENTIFIED BY 'least'");
  database_.run("GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX, REFERENCES ON " +
                database_.name() + ".* TO least");
  auto with = database_.settings();
  with.user = "least";
  with.password = [](bool) -> base::result<std::string> {
    return "least";
  };
  const auto made = open_mysql_records(with, {});
  ASSERT_TRUE(made) << made.error().message;
  domain::begin_file_request request;
  request.lease = {"lease"};
  request.lease_for = 15s;
  request.key = {"key"};
  request.name = "photo.png";
  EXPECT_TRUE(fakes::run_sync(made->store->begin_file(request)));
  EXPECT_TRUE(fakes::run_sync(made->store->abandon_submission(request.lease)));
}

TEST_F(mysql_migrations_test, a_database_that_is_not_there_is_an_error_that_names_it) {
  auto with = database_.settings();
  with.database = "nowhere";
  const auto refused = open_mysql_records(with, {});
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().message.contains("nowhere"));
  with.port = 1;
  EXPECT_FALSE(open_mysql_records(with, {}));
}

}  // namespace
}  // namespace dossier::stores::sql
