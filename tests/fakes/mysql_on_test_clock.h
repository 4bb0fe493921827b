// The MySQL records on a database of their own, whose clock is a row that the test sets. A database is used
// again by the next test, emptied: making one takes a server ten times as long.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "base/clock.h"
#include "fakes/database_server.h"
#include "stores/sql/mysql/mysql_connection.h"
#include "stores/sql/mysql/mysql_records.h"
#include "stores/sql/query.h"

namespace dossier::fakes {

class mysql_on_test_clock {
 public:
  explicit mysql_on_test_clock(base::time_point start) : mine_(take()) { set_time(start); }
  // The nodes have ended before.
  ~mysql_on_test_clock() {
    try {
      mine_->empty();
      spare() = std::move(mine_);
    } catch (const stores::sql::failure&) {
      // Then the database is dropped.
    }
  }
  mysql_on_test_clock(const mysql_on_test_clock&) = delete;
  mysql_on_test_clock& operator=(const mysql_on_test_clock&) = delete;

  // Starts a node; as often as the test likes.
  std::unique_ptr<domain::records> start_node() {
    auto made = stores::open_mysql_records(settings(), {});
    if (!made) throw std::runtime_error(made.error().message);
    return std::move(made->store);
  }
  // For the test's own connection to the database, after a node has started.
  stores::sql::mysql_settings settings() const {
    auto settings = mine_->database.settings();
    settings.now_ms = "(SELECT at_ms FROM test_clock)";
    return settings;
  }
  void set_time(base::time_point now) {
    stores::sql::execute(mine_->admin, "UPDATE test_clock SET at_ms = ?", now);
  }

 private:
  struct kept {
    kept() : admin(database.settings()) {
      admin.run_script("CREATE TABLE test_clock (at_ms BIGINT NOT NULL); INSERT INTO test_clock VALUES (0)");
    }
    void empty() {
      std::string script = "SET FOREIGN_KEY_CHECKS = 0; START TRANSACTION; ";
      {
        stores::sql::query tables(
            admin,
            "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND "
            "table_name NOT IN ('schema_migration', 'test_clock', 'search_state', 'records_identity', "
            "'audit_chain')");
        while (tables.next()) script += "DELETE FROM " + tables.string(0) + "; ";
      }
      if (admin.has_table("search_state"))
        script +=
            "UPDATE search_state SET policy = 0, swept_to = 0, sweep_end = 0, swept_at = 0, tended_at = 0; ";
      if (admin.has_table("records_identity"))
        script += "UPDATE records_identity SET identity = MD5(CONCAT(UUID(), RAND())); ";
      if (admin.has_table("audit_chain")) {
        script +=
            "UPDATE audit_chain SET last_number = 0, last_hash = REPEAT(CHAR(0), 32), cut_number = 0, "
            "cut_hash = REPEAT(CHAR(0), 32); ";
      }
      admin.run_script(script + "COMMIT");
    }
    test_database database;
    stores::sql::mysql_connection admin;
  };

  static std::unique_ptr<kept>& spare() {
    static const auto& outlives_it = database_server::shared();
    static std::unique_ptr<kept> one;
    static_cast<void>(outlives_it);
    return one;
  }
  static std::unique_ptr<kept> take() {
    return spare() ? std::exchange(spare(), nullptr) : std::make_unique<kept>();
  }

  std::unique_ptr<kept> mine_;
};

}  // namespace dossier::fakes
