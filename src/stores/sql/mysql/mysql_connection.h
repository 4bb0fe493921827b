// A session with a MySQL or MariaDB and its prepared statements. Used by one thread at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "stores/sql/connection.h"
#include "stores/sql/mysql/mysql_error.h"
#include "stores/sql/mysql/mysql_settings.h"

struct st_mysql;

namespace dossier::stores::sql {

// A session with a MySQL or MariaDB, which closes itself.
struct mysql_closer {
  void operator()(st_mysql* handle) const noexcept;
};
using mysql_handle = std::unique_ptr<st_mysql, mysql_closer>;

// The failure of the handle's last call.
mysql_failure mysql_problem(st_mysql* handle, std::string_view doing);

// Opens a session with time zone UTC, strict SQL mode, READ COMMITTED and autocommit. Throws `failure`. If
// the password is refused, it is read again, and tried again if it has changed. A caller that connects often
// uses mysql_login (mysql_shared.h).
mysql_handle connect_mysql(const mysql_settings& options);

// The two steps of connect_mysql().
std::string password_of(const mysql_settings& options, bool refresh);
mysql_handle connect_with(const mysql_settings& options, const std::string& password);

class mysql_statement;

// Thrown when a read runs a second statement: the read has to be run again, in a transaction that sees one
// state.
struct needs_snapshot {};

class mysql_connection final : public connection {
 public:
  // Connects. Throws failure.
  explicit mysql_connection(const mysql_settings& options);
  // Uses a session that is open already.
  mysql_connection(const mysql_settings& options, mysql_handle session);
  ~mysql_connection() override;
  mysql_connection(const mysql_connection&) = delete;
  mysql_connection& operator=(const mysql_connection&) = delete;

  statement& prepare(std::string_view sql) override;
  std::int64_t last_insert_id() override { return last_insert_id_; }
  std::int64_t rows_met() override { return rows_met_; }
  // Also for one statement that is not worth preparing.
  void run_script(const std::string& sql) override;
  bool has_table(std::string_view name) override;
  bool has_former_nodes() const override { return true; }
  void check_writing() override;
  void begin() override;
  void commit() override;
  void roll_back() noexcept override;

  // Begins a transaction that only reads and sees one state.
  void begin_reading();
  // The next statement is a transaction by itself; the one after it throws needs_snapshot.
  void begin_single();
  void end_single() { single_ = none; }

  // Inserts the token and commits, in one message. Throws commit_failed_early when the insert fails: then
  // nothing was committed.
  struct commit_failed_early {
    mysql_failure why;
  };
  void commit_with(std::string_view token_in_hex);

  // Whether any statement since begin() met a row.
  bool has_written() const { return written_; }
  // Whether a transaction could not be rolled back.
  bool is_broken() const { return broken_; }
  void forget_statements();
  // Whether the server answers. If it does not, the connection must not be used again.
  bool answers_within(std::chrono::milliseconds limit);

  std::uint64_t server_id() const;  // of this session, for KILL
  // The server's clock, in milliseconds since 1970. It is read when connecting, and this machine's clock
  // counts on from there.
  std::int64_t server_time_ms() const;

  // Called by statements.
  void about_to_run();
  void ran(std::int64_t rows_met, std::int64_t insert_id);

 private:
  struct text_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  using statement_cache =
      std::unordered_map<std::string, std::unique_ptr<mysql_statement>, text_hash, std::equal_to<>>;

  void read_clock();
  void drop_unused();
  void throw_problem(std::string_view doing);

  const std::string now_ms_;
  mysql_handle handle_;
  statement_cache statements_;
  std::int64_t last_insert_id_ = 0;
  std::int64_t rows_met_ = 0;
  bool written_ = false;
  bool broken_ = false;
  enum { none, first, ran_one } single_ = none;
  std::int64_t clock_at_connect_ms_ = 0;
  std::chrono::steady_clock::time_point connected_at_;
};

}  // namespace dossier::stores::sql
