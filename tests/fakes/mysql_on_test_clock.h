// The MySQL records on a database of their own, whose clock is a row that the test sets.
#pragma once

#include <memory>
#include <stdexcept>

#include "base/clock.h"
#include "fakes/database_server.h"
#include "stores/mysql_records.h"
#include "stores/sql/mysql_connection.h"
#include "stores/sql/query.h"

namespace dossier::fakes {

class mysql_on_test_clock {
 public:
  explicit mysql_on_test_clock(base::time_point start) : admin_(database_.settings()) {
    admin_.run_script("CREATE TABLE test_clock (at_ms BIGINT NOT NULL)");
    stores::sql::execute(admin_, "INSERT INTO test_clock VALUES (?)", start);
  }

  // As often as a node starts.
  std::unique_ptr<domain::records> start_node() {
    auto settings = database_.settings();
    settings.now_ms = "(SELECT at_ms FROM test_clock)";
    auto made = stores::make_mysql_records(std::move(settings), {});
    if (!made) throw std::runtime_error(made.error().message);
    return std::move(made->records);
  }
  void set_time(base::time_point now) {
    stores::sql::execute(admin_, "UPDATE test_clock SET at_ms = ?", now);
  }

 private:
  test_database database_;
  stores::sql::mysql_connection admin_;
};

}  // namespace dossier::fakes
