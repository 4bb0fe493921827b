// A connection to an SQLite file: WAL, synchronous=FULL, foreign keys. Used by one thread at a time.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "base/result.h"
#include "stores/sql/connection.h"
#include "stores/sql/read_budget.h"

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
  // The clock answers now_ms(). Throws failure.
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
  // Some failures (a full disk) roll the whole transaction back by themselves.
  bool in_transaction() const;

  // Statements that run when this is over fail. Null: they may take as long as they like.
  void limit_to(read_budget* budget) { budget_ = budget; }

  // Pages in the log after the last commit; 0 when it was checkpointed whole.
  int log_pages() const { return log_pages_; }
  // Moves what the log holds to the database file, as far as no reader is in the way.
  void checkpoint() noexcept;
  // Does what clear_log_soon() asked for, unless a reader is in the way: then the next call does.
  void clear_log() noexcept;
  // The same, and gives the log's space back to the disk: for one that is full.
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
