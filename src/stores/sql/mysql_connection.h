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
#include "stores/sql/mysql_connect.h"
#include "stores/sql/mysql_settings.h"

namespace dossier::stores::sql {

class mysql_statement;

// A read turned out to be of several statements: it has to be run again, in a transaction that sees one
// state.
struct needs_snapshot {};

class mysql_connection final : public connection {
 public:
  // Connects. Throws failure.
  explicit mysql_connection(const mysql_settings& options);
  // Over a session that was opened.
  mysql_connection(const mysql_settings& options, mysql_handle session);
  ~mysql_connection() override;
  mysql_connection(const mysql_connection&) = delete;
  mysql_connection& operator=(const mysql_connection&) = delete;

  statement& prepare(std::string_view sql) override;
  std::int64_t last_insert_id() override { return last_insert_id_; }
  std::int64_t rows_met() override { return rows_met_; }
  // Also one statement that is no use to prepare.
  void run_script(const std::string& sql) override;
  bool has_table(std::string_view name) override;
  bool has_former_nodes() const override { return true; }
  void check_writing() override;
  void begin() override;
  void commit() override;
  void roll_back() noexcept override;

  // A transaction that only reads, and sees one state.
  void begin_reading();
  // The next statement is a transaction by itself; the one after it throws needs_snapshot.
  void begin_single();
  void end_single() { single_ = none; }

  // Inserts the token and commits, in one message. The failures of the insert are told as such: then nothing
  // was committed.
  struct commit_failed_early {
    mysql_failure why;
  };
  void commit_with(std::string_view token_in_hex);

  // Whether any statement since begin() met a row.
  bool has_written() const { return written_; }
  // It could not even be rolled back.
  bool is_broken() const { return broken_; }
  void forget_statements();
  // Whether the server still does. When not, this is of no more use.
  bool answers_within(std::chrono::milliseconds limit);

  std::uint64_t server_id() const;  // of this session, for KILL
  // The server's clock, as it was asked at connect and has gone on since.
  std::int64_t server_time_ms() const;

  // From statements.
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
