#include "stores/sql/mysql/mysql_statement.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/expects.h"
#include "stores/sql/mysql/mysql_connection.h"
#include "stores/sql/mysql/mysql_error.h"
#include "stores/sql/mysql/mysql_library.h"

namespace dossier::stores::sql {
namespace {

// Enough for most texts; a column that had a longer one keeps its larger buffer.
constexpr std::size_t first_size = 256;

struct parameter_value {
  enum_field_types type = MYSQL_TYPE_NULL;
  std::int64_t number = 0;
  std::string bytes;
};

struct column_value {
  bool is_number = false;
  std::int64_t number = 0;
  std::vector<char> bytes;
  unsigned long length = 0;
  my_bool null = 0;
  my_bool cut = 0;
};

bool is_number(enum_field_types type) {
  switch (type) {
    case MYSQL_TYPE_TINY:
    case MYSQL_TYPE_SHORT:
    case MYSQL_TYPE_INT24:
    case MYSQL_TYPE_LONG:
    case MYSQL_TYPE_LONGLONG:
    case MYSQL_TYPE_DECIMAL:
    case MYSQL_TYPE_NEWDECIMAL:  // sums
    case MYSQL_TYPE_DOUBLE:
      return true;
    default:
      return false;
  }
}

// Another version of Dossier made the database, or somebody altered it.
failure wrong_type(std::string detail) {
  return {base::error_code::internal, "The records hold what this version of Dossier does not know.",
          std::move(detail)};
}

}  // namespace

struct mysql_statement::buffers {
  // Parameters count from 1.
  parameter_value& parameter(int number) {
    base::expects(number >= 1 && number <= std::ssize(parameters), "a statement has this parameter");
    return parameters[static_cast<std::size_t>(number - 1)];
  }
  // Columns count from 0.
  const column_value& column(int number) const {
    base::expects(has_row, "a column is read of a row");
    base::expects(number >= 0 && number < std::ssize(columns), "a row has this column");
    return columns[static_cast<std::size_t>(number)];
  }

  std::vector<parameter_value> parameters;
  std::vector<MYSQL_BIND> parameter_binds;
  std::vector<column_value> columns;
  std::vector<MYSQL_BIND> column_binds;
  bool has_row = false;

  void point_at_parameters() {
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      auto& value = parameters[i];
      auto& to = parameter_binds[i];
      to = {};
      to.buffer_type = value.type;
      if (value.type == MYSQL_TYPE_LONGLONG) {
        to.buffer = &value.number;
      } else {
        to.buffer = value.bytes.data();
        to.buffer_length = value.bytes.size();
      }
    }
  }

  void point_at_columns() {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      auto& value = columns[i];
      auto& to = column_binds[i];
      to = {};
      to.buffer_type = value.is_number ? MYSQL_TYPE_LONGLONG : MYSQL_TYPE_BLOB;
      to.buffer = value.is_number ? static_cast<void*>(&value.number) : value.bytes.data();
      to.buffer_length = value.is_number ? sizeof value.number : value.bytes.size();
      to.length = &value.length;
      to.is_null = &value.null;
      to.error = &value.cut;
    }
  }
};

mysql_statement::mysql_statement(mysql_connection& on, st_mysql* handle, std::string sql)
    : on_(on), sql_(std::move(sql)), buffers_(std::make_unique<buffers>()) {
  statement_ = libmariadb().mysql_stmt_init(handle);
  if (statement_ == nullptr) throw std::bad_alloc();
  try {
    prepare(handle);
  } catch (...) {
    libmariadb().mysql_stmt_close(statement_);
    throw;
  }
}

mysql_statement::~mysql_statement() {
  libmariadb().mysql_stmt_close(statement_);
}

void mysql_statement::check(bool failed) const {
  if (!failed) return;
  const auto& library = libmariadb();
  throw mysql_failure(library.mysql_stmt_errno(statement_), library.mysql_stmt_sqlstate(statement_),
                      library.mysql_stmt_error(statement_), sql_);
}

void mysql_statement::prepare(st_mysql*) {
  const auto& library = libmariadb();
  check(library.mysql_stmt_prepare(statement_, sql_.data(), sql_.size()) != 0);
  const auto parameters = library.mysql_stmt_param_count(statement_);
  buffers_->parameters.resize(parameters);
  buffers_->parameter_binds.resize(parameters);
  take_shape();
}

// Makes buffers for the columns. For some statements (SHOW GRANTS), MySQL reports the columns only when they
// run.
void mysql_statement::take_shape() {
  const auto& library = libmariadb();
  const auto columns = library.mysql_stmt_field_count(statement_);
  if (columns == buffers_->columns.size()) return;
  buffers_->columns.assign(columns, {});
  buffers_->column_binds.resize(columns);
  if (columns == 0) return;
  const std::unique_ptr<MYSQL_RES, decltype(&::mysql_free_result)> shape(
      library.mysql_stmt_result_metadata(statement_), library.mysql_free_result);
  check(!shape);
  for (unsigned i = 0; i < columns; ++i) {
    auto& column = buffers_->columns[i];
    column.is_number = is_number(library.mysql_fetch_field_direct(shape.get(), i)->type);
    if (!column.is_number) column.bytes.resize(first_size);
  }
}

void mysql_statement::bind_integer(int parameter, std::int64_t value) {
  auto& to = buffers_->parameter(parameter);
  to.type = MYSQL_TYPE_LONGLONG;
  to.number = value;
}

void mysql_statement::bind_text(int parameter, std::string_view value) {
  auto& to = buffers_->parameter(parameter);
  to.type = MYSQL_TYPE_STRING;
  to.bytes.assign(value);
}

void mysql_statement::bind_blob(int parameter, std::span<const std::byte> value) {
  auto& to = buffers_->parameter(parameter);
  to.type = MYSQL_TYPE_BLOB;
  to.bytes.assign(reinterpret_cast<const char*>(value.data()), value.size());
}

void mysql_statement::bind_null(int parameter) {
  buffers_->parameter(parameter).type = MYSQL_TYPE_NULL;
}

bool mysql_statement::step() {
  if (!executed_) execute();
  buffers_->has_row = !buffers_->columns.empty() && fetch();
  return buffers_->has_row;
}

void mysql_statement::execute() {
  on_.about_to_run();
  if (!buffers_->parameters.empty()) {
    buffers_->point_at_parameters();
    check(libmariadb().mysql_stmt_bind_param(statement_, buffers_->parameter_binds.data()) != 0);
  }
  check(libmariadb().mysql_stmt_execute(statement_) != 0);
  executed_ = true;
  take_shape();
  if (!buffers_->columns.empty()) {
    buffers_->point_at_columns();
    check(libmariadb().mysql_stmt_bind_result(statement_, buffers_->column_binds.data()) != 0);
    check(libmariadb().mysql_stmt_store_result(statement_) != 0);
  } else {
    on_.ran(static_cast<std::int64_t>(libmariadb().mysql_stmt_affected_rows(statement_)),
            static_cast<std::int64_t>(libmariadb().mysql_stmt_insert_id(statement_)));
  }
}

bool mysql_statement::fetch() {
  switch (libmariadb().mysql_stmt_fetch(statement_)) {
    case 0:
      return true;
    case MYSQL_NO_DATA:
      return false;
    case MYSQL_DATA_TRUNCATED:
      fetch_what_was_cut();
      return true;
    default:
      check(true);
      return false;
  }
}

void mysql_statement::fetch_what_was_cut() {
  bool grown = false;
  for (std::size_t i = 0; i < buffers_->columns.size(); ++i) {
    auto& column = buffers_->columns[i];
    if (column.is_number || column.null || column.length <= column.bytes.size()) continue;
    column.bytes.resize(std::max<std::size_t>(column.length, column.bytes.size() * 2));
    auto& bind = buffers_->column_binds[i];
    bind.buffer = column.bytes.data();
    bind.buffer_length = column.bytes.size();
    check(libmariadb().mysql_stmt_fetch_column(statement_, &bind, static_cast<unsigned>(i), 0) != 0);
    grown = true;
  }
  if (grown) check(libmariadb().mysql_stmt_bind_result(statement_, buffers_->column_binds.data()) != 0);
}

bool mysql_statement::is_null(int column) const {
  return buffers_->column(column).null != 0;
}

std::int64_t mysql_statement::integer(int column) const {
  const auto& value = buffers_->column(column);
  if (value.null) return 0;
  if (!value.is_number) throw wrong_type("not a number: column of " + sql_);
  return value.number;
}

std::string_view mysql_statement::text(int column) const {
  const auto& value = buffers_->column(column);
  if (value.null) return {};
  if (value.is_number) throw wrong_type("not a text: column of " + sql_);
  base::expects(value.length <= value.bytes.size(), "a text was fetched whole");
  return {value.bytes.data(), value.length};
}

std::span<const std::byte> mysql_statement::blob(int column) const {
  const auto bytes = text(column);
  return std::as_bytes(std::span(bytes.data(), bytes.size()));
}

void mysql_statement::reset() {
  if (executed_) libmariadb().mysql_stmt_free_result(statement_);
  executed_ = buffers_->has_row = false;
  in_use = false;
}

}  // namespace dossier::stores::sql
