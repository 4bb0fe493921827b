// What the suites of the MySQL driver share: a database with a table of notes and the table
// of commit tokens, and drivers on it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "base/log.h"
#include "fakes/database_server.h"
#include "fakes/run.h"
#include "fakes/tcp_proxy.h"
#include "stores/sql/mysql/mysql_connection.h"
#include "stores/sql/mysql/mysql_pool.h"
#include "stores/sql/query.h"

namespace dossier::stores::sql {

using base::error_code;
using namespace std::chrono_literals;

class mysql_test : public testing::Test {
 protected:
  mysql_test() {
    base::start_log(base::log_format::text, base::log_level::off);
    database_.run(
        "CREATE TABLE note (id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, text VARCHAR(200) NOT NULL) "
        "DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin");
    database_.run(
        "CREATE TABLE commit_token (token BINARY(16) NOT NULL PRIMARY KEY, committed TINYINT NOT NULL)");
  }

  mysql_settings settings() const { return database_.settings(); }
  // Through the proxy, with one connection.
  mysql_settings through(const fakes::tcp_proxy& proxy) const {
    auto all = settings();
    all.port = proxy.port();
    all.connections = 1;
    return all;
  }
  static std::unique_ptr<mysql_driver> open(mysql_settings with) {
    return std::make_unique<mysql_driver>("notes", std::move(with), base::call_observer());
  }

  template <class T>
  static T run(awaitable<T> work) {
    return fakes::run_sync(std::move(work));
  }
  // Runs all at the same time, on one loop. The answers are in the order of the work.
  static std::vector<result<void>> run_together(std::vector<awaitable<result<void>>> all) {
    asio::io_context loop(1);
    std::vector<result<void>> answers(all.size(), base::fail(error_code::internal, "it never ended"));
    for (std::size_t i = 0; i < all.size(); ++i) {
      asio::co_spawn(loop, std::move(all[i]),
                     [&answers, i](const std::exception_ptr& thrown, result<void> answer) {
                       answers[i] = thrown ? base::fail(error_code::internal, "it threw") : std::move(answer);
                     });
    }
    loop.run();
    return answers;
  }

  static result<void> insert(driver& on, const std::string& text) {
    return run(on.write("insert", [text](connection& c) -> result<void> {
      execute(c, "INSERT INTO note (text) VALUES (?)", text);
      return {};
    }));
  }
  std::string count() const { return database_.ask("SELECT COUNT(*) FROM note"); }
  std::string tokens(bool committed) const {
    return database_.ask("SELECT COUNT(*) FROM commit_token WHERE committed = " +
                         std::to_string(int{committed}));
  }
  static std::int64_t session_of(connection& on) {
    query row(on, "SELECT CONNECTION_ID()");
    row.next();
    return row.integer(0);
  }
  void kill(std::int64_t session) const { database_.run("KILL CONNECTION " + std::to_string(session)); }

  fakes::test_database database_;
};

}  // namespace dossier::stores::sql
