// A connection to an SQLite file: WAL, synchronous=FULL, foreign keys. Used by one thread at a time.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "base/expects.h"
#include "base/result.h"
#include "stores/sql/connection.h"

namespace dossier::stores::sql {

// The limits of one read: time by the clock, and processor time of its thread. A read also ends when nobody
// waits for it any more. is_over() may be called often, because it reads the costly clocks seldom.
struct read_limits {
  std::chrono::nanoseconds wall{};
  std::optional<std::chrono::nanoseconds> processor = {};
};

class read_budget {
 public:
  enum class end { none, used_up, late, given_up };

  // Begins now, on this thread. `given_up` may be empty.
  explicit read_budget(read_limits limits, std::function<bool()> given_up = {});

  bool is_over();
  // What ended it; none: it is not over.
  end why() const { return why_; }

 private:
  using clock = std::chrono::steady_clock;
  void look(clock::time_point now);

  const read_limits limits_;
  const std::function<bool()> given_up_;
  const clock::time_point began_ = clock::now();
  clock::time_point next_look_;
  std::chrono::nanoseconds processor_began_{};  // on the thread's clock
  end why_ = end::none;
};

}  // namespace dossier::stores::sql

struct sqlite3;
struct sqlite3_stmt;

namespace dossier::stores::sql {

// A prepared statement of SQLite, and the failures that SQLite's error codes become.

// The `failure` for the error of this handle's last call.
failure sqlite_failure(sqlite3* handle, int code, std::string_view doing);

class sqlite_statement final : public statement {
 public:
  sqlite_statement(sqlite3* handle, std::string_view sql);
  ~sqlite_statement() override;
  sqlite_statement(const sqlite_statement&) = delete;
  sqlite_statement& operator=(const sqlite_statement&) = delete;

  void bind_integer(int parameter, std::int64_t value) override;
  void bind_text(int parameter, std::string_view value) override;
  void bind_blob(int parameter, std::span<const std::byte> value) override;
  void bind_null(int parameter) override;
  bool step() override;
  bool is_null(int column) const override;
  std::int64_t integer(int column) const override;
  std::string_view text(int column) const override;
  std::span<const std::byte> blob(int column) const override;
  void reset() override;

  // Set while a query uses it.
  bool in_use = false;

 private:
  void check(int code) const;
  void check_column(int column) const;

  sqlite3* handle_;
  sqlite3_stmt* statement_ = nullptr;
};

}  // namespace dossier::stores::sql

struct sqlite3;

namespace dossier::stores::sql {

class sqlite_statement;

struct sqlite_settings {
  enum class access { write, read, look };  // look: only an existing file, which stays as it is
  access mode = access::write;
  std::chrono::milliseconds wait_for_lock{5'000};  // held by another process: doctor, gc
  int page_cache_kib = 2'048;
};

class sqlite_connection final : public connection {
 public:
  // In SQL, now_ms() reads `clock`, which must outlive this object. Throws `failure`.
  sqlite_connection(const std::string& path, const base::clock& clock, sqlite_settings settings);
  ~sqlite_connection() override;
  sqlite_connection(const sqlite_connection&) = delete;
  sqlite_connection& operator=(const sqlite_connection&) = delete;

  statement& prepare(std::string_view sql) override;
  std::int64_t last_insert_id() override;
  std::int64_t rows_met() override;
  void run_script(const std::string& sql) override;
  bool has_table(std::string_view name) override;
  bool has_former_nodes() const override { return false; }
  void clear_log_soon() override { log_to_clear_ = true; }
  void begin() override;
  void commit() override;
  void roll_back() noexcept override;

  void begin_reading();
  // A transaction within the transaction, one at a time.
  void begin_part();
  void keep_part();
  void undo_part();
  // False after a failure, such as a full disk, that has rolled back the whole transaction.
  bool in_transaction() const;

  // A statement fails if it is still running when the budget is over. Null: there is no limit.
  void limit_to(read_budget* budget) {
    base::expects(budget == nullptr || budget_ == nullptr, "a connection has one read at a time");
    budget_ = budget;
  }

  // Pages in the log after the last commit; 0 after a complete checkpoint.
  int log_pages() const { return log_pages_; }
  // Moves the log's contents to the database file, as far as readers allow.
  void checkpoint() noexcept;
  // Empties the log if clear_log_soon() asked for it. When a reader is in the way, the next call tries again.
  void clear_log() noexcept;
  bool has_log_to_clear() const { return log_to_clear_; }
  // For a full disk: checkpoints, and gives the log's space back to the disk.
  void empty_log() noexcept;

 private:
  struct text_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  using statement_cache =
      std::unordered_map<std::string, std::unique_ptr<sqlite_statement>, text_hash, std::equal_to<>>;

  void open(const std::string& path, const sqlite_settings& settings);
  void configure(const sqlite_settings& settings);
  void make_room();
  static int is_over_budget(void* self);
  static int after_commit(void* self, sqlite3* handle, const char* name, int pages);

  const base::clock& clock_;
  const int wait_for_lock_ms_;
  sqlite3* handle_ = nullptr;
  statement_cache statements_;
  read_budget* budget_ = nullptr;
  int log_pages_ = 0;
  bool log_to_clear_ = false;
};

}  // namespace dossier::stores::sql
