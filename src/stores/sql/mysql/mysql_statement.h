// A statement prepared at the server. All its rows are fetched when it runs, so that other statements may run
// on the same connection while they are read. Columns are read into buffers that grow as needed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "stores/sql/connection.h"

struct st_mysql;
struct st_mysql_stmt;

namespace dossier::stores::sql {

class mysql_connection;

class mysql_statement final : public statement {
 public:
  // Throws failure.
  mysql_statement(mysql_connection& on, st_mysql* handle, std::string sql);
  ~mysql_statement() override;
  mysql_statement(const mysql_statement&) = delete;
  mysql_statement& operator=(const mysql_statement&) = delete;

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
  struct buffers;  // the library's own structures, which no header needs to see

  void prepare(st_mysql* handle);
  void take_shape();
  void execute();
  bool fetch();
  void fetch_what_was_cut();
  void check(bool failed) const;

  mysql_connection& on_;
  const std::string sql_;
  st_mysql_stmt* statement_ = nullptr;
  std::unique_ptr<buffers> buffers_;
  bool executed_ = false;
};

}  // namespace dossier::stores::sql
