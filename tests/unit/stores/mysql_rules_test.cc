// What the doctor says about a MySQL or MariaDB, from what it answered.
#include <gtest/gtest.h>

#include "stores/checks/mysql_rules.h"
#include "stores/findings.h"

namespace dossier::stores {
namespace {

using domain::severity;
using namespace std::chrono_literals;

mysql_facts good_database() {
  return {.version = "8.0.36",
          .database = "dossier",
          .global = {{"innodb_flush_log_at_trx_commit", "1"},
                     {"log_bin", "ON"},
                     {"sync_binlog", "1"},
                     {"read_only", "OFF"},
                     {"max_connections", "151"}},
          .session = {{"sql_mode", "ONLY_FULL_GROUP_BY,STRICT_ALL_TABLES"},
                      {"transaction_isolation", "READ-COMMITTED"}},
          .tls_version = "TLSv1.3",
          .connections = 16,
          .grants = {"GRANT USAGE ON *.* TO `dossier`@`%`",
                     "GRANT ALL PRIVILEGES ON `dossier`.* TO `dossier`@`%`"},
          .charset = "utf8mb4"};
}

words with(auto change) {
  auto database = good_database();
  change(database);
  return worse_than_notes(findings_of(database));
}

TEST(mysql_rules, a_database_that_is_as_it_should_be_gets_notes_only) {
  EXPECT_EQ(worse_than_notes(findings_of(good_database())), words());
}

TEST(mysql_rules, versions_are_told_apart) {
  const auto of = [](const char* version) {
    return with([=](auto& it) { it.version = version; });
  };
  EXPECT_EQ(of("5.7.44-log"), words{"error version"});
  EXPECT_EQ(of("9.1.0"), words());
  EXPECT_EQ(of("10.5.9-MariaDB"), words{"error version"});
  EXPECT_EQ(of("10.6.1-MariaDB-log"), words{"warning version"});
  EXPECT_EQ(of("10.11.6-MariaDB-0+deb12u1"), words());
  EXPECT_EQ(of("11.4.2-MariaDB"), words());
}

TEST(mysql_rules, a_connection_that_others_can_read_is_warned_of) {
  EXPECT_EQ(with([](auto& it) { it.tls_version = ""; }), words{"warning tls"});
  EXPECT_EQ(with([](auto& it) { it.tls_required = false; }), words{"warning tls"});
  EXPECT_EQ(with([](auto& it) {
              it.tls_version = "";
              it.this_machine = true;
            }),
            words());
}

TEST(mysql_rules, what_may_be_lost_is_warned_of) {
  EXPECT_EQ(with([](auto& it) { it.global["innodb_flush_log_at_trx_commit"] = "2"; }),
            words{"warning durability"});
  EXPECT_EQ(with([](auto& it) { it.global["sync_binlog"] = "0"; }), words{"warning durability"});
  EXPECT_EQ(with([](auto& it) {
              it.global["sync_binlog"] = "0";
              it.global["log_bin"] = "OFF";
            }),
            words());
}

TEST(mysql_rules, a_session_that_is_not_ours_is_an_error) {
  EXPECT_EQ(with([](auto& it) { it.session["sql_mode"] = ""; }), words{"error sql_mode"});
  EXPECT_EQ(with([](auto& it) { it.session["transaction_isolation"] = "REPEATABLE-READ"; }),
            words{"error isolation"});
  EXPECT_EQ(with([](auto& it) {
              it.session.erase("transaction_isolation");
              it.session["tx_isolation"] = "READ-COMMITTED";
            }),
            words());
}

TEST(mysql_rules, other_matters_of_the_server) {
  EXPECT_EQ(with([](auto& it) { it.global["read_only"] = "ON"; }), words{"error read_only"});
  EXPECT_EQ(with([](auto& it) { it.other_engines = {"person"}; }), words{"error engine"});
  EXPECT_EQ(with([](auto& it) { it.charset = "latin1"; }), words{"warning charset"});
  EXPECT_EQ(with([](auto& it) { it.global["max_connections"] = "20"; }), words{"warning connections"});
  EXPECT_EQ(with([](auto& it) { it.ahead = -90s; }), words{"warning clock"});
}

TEST(mysql_rules, privileges_are_read_from_grants) {
  using names = std::vector<std::string_view>;
  const auto missing = [](const std::vector<std::string>& grants) {
    return missing_privileges(grants, "dossier_1");
  };
  EXPECT_EQ(missing({"GRANT ALL PRIVILEGES ON `dossier%`.* TO `a`@`%`"}), names());
  EXPECT_EQ(missing({"GRANT ALL PRIVILEGES ON `dossier\\_1`.* TO `a`@`%`"}), names());
  EXPECT_EQ(missing({"GRANT ALL PRIVILEGES ON *.* TO `a`@`%` WITH GRANT OPTION"}), names());
  EXPECT_EQ(
      missing({"GRANT SELECT, INSERT, UPDATE, CREATE, ALTER, INDEX, REFERENCES ON `dossier_1`.* TO `a`@`%`"}),
      names{"DELETE"});
  EXPECT_EQ(missing({"GRANT SELECT ON *.* TO `a`@`%`",
                     "GRANT INSERT, UPDATE, DELETE, CREATE, ALTER, REFERENCES ON `dossier_1`.* TO `a`@`%`"}),
            names{"INDEX"});
  EXPECT_EQ(missing({"GRANT ALL PRIVILEGES ON `other`.* TO `a`@`%`"}).size(), 8u);
  EXPECT_EQ(missing({"GRANT `writer`@`%` TO `a`@`%`"}), names()) << "a role is not looked into";
}

TEST(mysql_rules, a_missing_privilege_of_every_day_is_an_error_one_of_migrations_a_warning) {
  const auto lines = with([](auto& it) {
    it.grants = {"GRANT SELECT, INSERT, UPDATE, CREATE, INDEX, REFERENCES ON `dossier`.* TO `a`@`%`"};
  });
  EXPECT_EQ(lines, (words{"error permission", "warning permission"}));
}

}  // namespace
}  // namespace dossier::stores
