#include "stores/sql/sqlite_statement.h"

#include <fmt/format.h>
#include <sqlite3.h>

namespace dossier::stores::sql {

failure sqlite_failure(sqlite3* handle, int code, std::string_view doing) {
  auto detail =
      fmt::format("{} ({}, extended {}): {}", handle ? sqlite3_errmsg(handle) : sqlite3_errstr(code), code,
                  handle ? sqlite3_extended_errcode(handle) : code, doing);
  switch (code & 0xff) {
    case SQLITE_FULL:
      return {base::error_code::no_space, "The disk is full. Free some space, then try again.",
              std::move(detail)};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {base::error_code::unavailable, "The records are busy. Try again in a moment.",
              std::move(detail)};
    case SQLITE_INTERRUPT:
      return {base::error_code::unavailable,
              "The question took too long to answer. Ask for less, or try again.", std::move(detail)};
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_PROTOCOL:
    case SQLITE_NOMEM:
      return {base::error_code::unavailable, "The records cannot be read or written. The log says why.",
              std::move(detail)};
    default:
      return {base::error_code::internal,
              "The records answered in a way that was not expected. The log says why.", std::move(detail)};
  }
}

sqlite_statement::sqlite_statement(sqlite3* handle, std::string_view sql) : handle_(handle) {
  const int code = sqlite3_prepare_v3(handle, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement_, nullptr);
  if (code != SQLITE_OK) throw sqlite_failure(handle, code, sql);
}

sqlite_statement::~sqlite_statement() {
  sqlite3_finalize(statement_);
}

void sqlite_statement::check(int code) const {
  if (code != SQLITE_OK) throw sqlite_failure(handle_, code, sqlite3_sql(statement_));
}

void sqlite_statement::bind_integer(int parameter, std::int64_t value) {
  check(sqlite3_bind_int64(statement_, parameter, value));
}

void sqlite_statement::bind_text(int parameter, std::string_view value) {
  check(sqlite3_bind_text64(statement_, parameter, value.data() ? value.data() : "", value.size(),
                            SQLITE_TRANSIENT, SQLITE_UTF8));
}

void sqlite_statement::bind_blob(int parameter, std::span<const std::byte> value) {
  check(sqlite3_bind_blob64(statement_, parameter, value.data(), value.size(), SQLITE_TRANSIENT));
}

void sqlite_statement::bind_null(int parameter) {
  check(sqlite3_bind_null(statement_, parameter));
}

bool sqlite_statement::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  throw sqlite_failure(handle_, code, sqlite3_sql(statement_));
}

bool sqlite_statement::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t sqlite_statement::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}

std::string_view sqlite_statement::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  return bytes ? std::string_view(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)))
               : std::string_view();
}

std::span<const std::byte> sqlite_statement::blob(int column) const {
  const auto* bytes = static_cast<const std::byte*>(sqlite3_column_blob(statement_, column));
  return {bytes, bytes ? static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)) : 0};
}

void sqlite_statement::reset() {
  // Its code repeats the failure of the last step, which was thrown already.
  sqlite3_reset(statement_);
  in_use = false;
}

}  // namespace dossier::stores::sql
