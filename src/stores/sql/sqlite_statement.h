// A prepared statement of SQLite, and what its error codes mean to us.
#pragma once

#include <string_view>

#include "stores/sql/connection.h"

struct sqlite3;
struct sqlite3_stmt;

namespace dossier::stores::sql {

// The failure of the last call on this handle.
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

  sqlite3* handle_;
  sqlite3_stmt* statement_ = nullptr;
};

}  // namespace dossier::stores::sql
