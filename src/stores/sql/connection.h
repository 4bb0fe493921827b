// The thin layer over an SQL database: a connection with cached prepared statements. Two drivers implement
// it. Code that uses it writes only the SQL that both dialects share.
//
// When the database fails, the functions here throw `failure`. It never leaves the driver, which catches it,
// rolls back, logs the detail once and answers an error.
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

// Where the dialects differ, statements have placeholders, which a driver replaces with the words of its
// database:
//
//   now_ms()           the database's clock, milliseconds since 1970
//   /*lock*/           the rows read are locked until the transaction ends
//   /*lock or skip*/   the same, but rows are skipped that another transaction has locked
//   /*by key*/         the rows are found by the primary key, so that no other row is locked
//   /*by pending*/     the rows are found by the index of pending people
//   CROSS JOIN         reads the tables in the order they are written
//
// In both dialects, these names are replaced with the values from domain/records.h:
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

  // Runs to the next row; false when there is no further row.
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

  // The statement for this text, from the cache or newly prepared. The text may hold the placeholders of
  // `dialect`. Only one `query` at a time may use a text.
  virtual statement& prepare(std::string_view sql) = 0;
  // The id of the row that was last inserted into a table that gives ids.
  virtual std::int64_t last_insert_id() = 0;
  // How many rows the last insert, update or delete matched, whether or not it changed their values.
  virtual std::int64_t rows_met() = 0;
  // Runs several statements that have no parameters and answer no rows, such as a migration.
  virtual void run_script(const std::string& sql) = 0;
  virtual bool has_table(std::string_view name) = 0;
  // Whether nodes of the previous version may use these tables at the same time.
  virtual bool has_former_nodes() const = 0;

  // Asks the database to remove what this transaction deletes soon from its own log, too.
  virtual void clear_log_soon() {}

  // Throws `failure` when the database does not accept writes at the moment. Changes nothing.
  virtual void check_writing() {}

  virtual void begin() = 0;  // a transaction that will write
  virtual void commit() = 0;
  virtual void roll_back() noexcept = 0;
};

}  // namespace dossier::stores::sql
