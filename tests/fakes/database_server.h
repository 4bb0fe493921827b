// A real MariaDB of this test program's own: on a free port of the loopback, in a temporary folder, without
// syncing to disk. It ends with the program, also when that crashes. Where DOSSIER_TEST_MYSQLD names a mysqld
// (tools/mysql_server.sh makes one), it is a MySQL instead.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "stores/sql/mysql/mysql_settings.h"

namespace dossier::fakes {

class database_server {
 public:
  // Starts it with these arguments besides the usual ones, and waits until it answers.
  explicit database_server(const std::vector<std::string>& arguments = {});
  ~database_server();
  database_server(const database_server&) = delete;
  database_server& operator=(const database_server&) = delete;

  // One for the whole program, started when first asked for.
  static database_server& shared();

  static bool is_mysql();

  std::uint16_t port() const { return port_; }
  const std::filesystem::path& folder() const { return folder_; }
  // For a user who may do everything, with a few connections and short waits.
  stores::sql::mysql_settings settings(std::string database = {}) const;
  void run(const std::string& sql, const std::string& database = {}) const;
  // The first column of the first row, as text; empty when there is none.
  std::string ask(const std::string& sql, const std::string& database = {}) const;

 private:
  void start(const std::vector<std::string>& arguments);
  bool answers_within(int seconds) const;
  std::string log() const;
  void stop();

  std::filesystem::path folder_;
  std::uint16_t port_ = 0;
  int lifeline_ = -1;  // a pipe to the keeper, which ends the server when it is closed
  int keeper_ = -1;
};

// An empty database on a server, dropped when this is destroyed.
class test_database {
 public:
  explicit test_database(database_server& on = database_server::shared());
  ~test_database();
  test_database(const test_database&) = delete;
  test_database& operator=(const test_database&) = delete;

  const std::string& name() const { return name_; }
  stores::sql::mysql_settings settings() const { return server_.settings(name_); }
  void run(const std::string& sql) const { server_.run(sql, name_); }
  std::string ask(const std::string& sql) const { return server_.ask(sql, name_); }
  database_server& server() const { return server_; }

 private:
  database_server& server_;
  std::string name_;
};

}  // namespace dossier::fakes
