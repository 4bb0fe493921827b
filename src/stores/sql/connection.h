// The thin layer over an SQL database: a connection with cached prepared statements. Two drivers implement
// it; what is written against it uses only the SQL that both dialects share.
//
// When the database fails, `failure` is thrown out of a transaction's function. It never leaves the driver,
// which rolls back, logs the detail once and answers an error.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace dossier::stores::sql {

// Where the dialects differ, statements have words of our own, which a driver replaces by its database's:
//
//   now_ms()           the database's clock, milliseconds since 1970
//   /*lock*/           the rows read are locked until the transaction ends
//   /*lock or skip*/   the same, passing over rows that another transaction has locked
//   /*by key*/         the rows are found by the primary key, and no other is locked on the way
//   /*by pending*/     the rows are found by the index of those that are pending
//   CROSS JOIN         reads the tables in the order they are written
//
// And, in both dialects alike, the values of domain/records.h by their names:
//
//   :uploading :stored :deleting   file_state, in file.state
//   :reap :index :erase            task_kind, in task.kind
struct dialect {
  std::string_view now_ms;
  std::string_view lock;
  std::string_view lock_or_skip;
  std::string_view by_key;
  std::string_view by_pending;
  std::string_view join_in_order;
};

std::string spell(std::string_view sql, const dialect& words);

class failure : public std::exception {
 public:
  failure(base::error_code code, std::string message, std::string detail, bool may_have_happened = false)
      : failure(
            base::error{.code = code, .message = std::move(message), .may_have_happened = may_have_happened},
            std::move(detail)) {}
  failure(base::error answer, std::string detail) : answer_(std::move(answer)), detail_(std::move(detail)) {}

  const base::error& answer() const { return answer_; }  // safe to show
  const std::string& detail() const { return detail_; }  // for the log
  const char* what() const noexcept override { return detail_.c_str(); }

 private:
  base::error answer_;
  std::string detail_;
};

// A prepared statement. Parameters count from 1, columns from 0. Use it through `query` (query.h).
class statement {
 public:
  virtual ~statement() = default;

  // What is bound is copied.
  virtual void bind_integer(int parameter, std::int64_t value) = 0;
  virtual void bind_text(int parameter, std::string_view value) = 0;
  virtual void bind_blob(int parameter, std::span<const std::byte> value) = 0;
  virtual void bind_null(int parameter) = 0;

  // Runs to the next row; false when there is none (any more).
  virtual bool step() = 0;

  // Views are valid until the next step() or reset().
  virtual bool is_null(int column) const = 0;
  virtual std::int64_t integer(int column) const = 0;
  virtual std::string_view text(int column) const = 0;
  virtual std::span<const std::byte> blob(int column) const = 0;

  // Makes the statement ready for other parameters.
  virtual void reset() = 0;
};

class connection {
 public:
  virtual ~connection() = default;

  // From the cache, or made ready now. The text may hold the words of `dialect`. One text is used by one
  // `query` at a time.
  virtual statement& prepare(std::string_view sql) = 0;
  // The id of the row that was last inserted into a table that gives ids.
  virtual std::int64_t last_insert_id() = 0;
  // How many rows the last insert, update or delete met, whether or not it changed what they hold.
  virtual std::int64_t rows_met() = 0;
  // Several statements, without parameters or answers: a migration.
  virtual void run_script(const std::string& sql) = 0;
  virtual bool has_table(std::string_view name) = 0;
  // Whether nodes of the version before may work on these tables too.
  virtual bool has_former_nodes() const = 0;

  // Asks that what this transaction removes be gone soon from the database's own log, too.
  virtual void clear_log_soon() {}

  // Throws `failure` when the database takes no writes at the moment; changes nothing.
  virtual void check_writing() {}

  virtual void begin() = 0;  // a transaction that will write
  virtual void commit() = 0;
  virtual void roll_back() noexcept = 0;
};

}  // namespace dossier::stores::sql
