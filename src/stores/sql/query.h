// One use of a cached statement: binds, steps, reads columns, and gives the statement back at the end.
//
//   query rows(c, "SELECT id, name FROM person WHERE age = ?", age);
//   while (rows.next()) use(rows.integer(0), rows.text(1));
//
//   execute(c, "DELETE FROM person WHERE id = ?", id);   // answers how many rows it matched
#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/sha256.h"
#include "domain/values.h"
#include "stores/sql/connection.h"

namespace dossier::stores::sql {

inline void bind(statement& to, int parameter, std::integral auto value) {
  to.bind_integer(parameter, static_cast<std::int64_t>(value));
}
inline void bind(statement& to, int parameter, std::string_view value) {
  to.bind_text(parameter, value);
}
inline void bind(statement& to, int parameter, const char* value) {
  to.bind_text(parameter, value);
}
inline void bind(statement& to, int parameter, const std::string& value) {
  to.bind_text(parameter, value);
}
inline void bind(statement& to, int parameter, const base::sha256_digest& value) {
  to.bind_blob(parameter, value);
}
inline void bind(statement& to, int parameter, std::span<const std::byte> value) {
  to.bind_blob(parameter, value);
}
inline void bind(statement& to, int parameter, std::chrono::milliseconds value) {
  to.bind_integer(parameter, value.count());
}
inline void bind(statement& to, int parameter, base::time_point value) {
  to.bind_integer(parameter, value.time_since_epoch().count());
}
inline void bind(statement& to, int parameter, domain::person_id value) {
  to.bind_integer(parameter, value.value);
}
inline void bind(statement& to, int parameter, const std::optional<domain::person_id>& value) {
  value ? to.bind_integer(parameter, value->value) : to.bind_null(parameter);
}
inline void bind(statement& to, int parameter, const std::optional<std::int64_t>& value) {
  value ? to.bind_integer(parameter, *value) : to.bind_null(parameter);
}
inline void bind(statement& to, int parameter, domain::file_id value) {
  to.bind_integer(parameter, value.value);
}
inline void bind(statement& to, int parameter, const domain::object_key& value) {
  to.bind_text(parameter, value.value);
}
inline void bind(statement& to, int parameter, const domain::lease_token& value) {
  to.bind_text(parameter, value.value);
}

class query {
 public:
  template <class... Values>
  query(connection& on, std::string_view sql, const Values&... values) : statement_(on.prepare(sql)) {
    (add(values), ...);
  }
  ~query() { statement_.reset(); }
  query(const query&) = delete;
  query& operator=(const query&) = delete;

  // Binds the next parameter.
  template <class Value>
  query& add(const Value& value) {
    bind(statement_, ++bound_, value);
    return *this;
  }

  bool next() { return statement_.step(); }

  bool is_null(int column) const { return statement_.is_null(column); }
  std::int64_t integer(int column) const { return statement_.integer(column); }
  bool truth(int column) const { return statement_.integer(column) != 0; }
  std::string_view text(int column) const { return statement_.text(column); }
  std::string string(int column) const { return std::string(statement_.text(column)); }
  base::time_point time(int column) const {
    return base::time_point(std::chrono::milliseconds(statement_.integer(column)));
  }
  std::span<const std::byte> bytes(int column) const { return statement_.blob(column); }
  // Zeros when the column is null.
  base::sha256_digest digest(int column) const {
    base::sha256_digest digest = {};
    const auto bytes = statement_.blob(column);
    if (bytes.size() == digest.size()) std::copy(bytes.begin(), bytes.end(), digest.begin());
    return digest;
  }

 private:
  statement& statement_;
  int bound_ = 0;
};

template <class... Values>
std::int64_t execute(connection& on, std::string_view sql, const Values&... values) {
  query one(on, sql, values...);
  one.next();
  return on.rows_met();
}

// One statement for many values: "… WHERE id IN (?, ?, …)". Lists have only a few lengths, so that each
// statement stays prepared; a shorter list is filled up with its last value.

// With more values than this, other transactions would wait long for their rows.
inline constexpr std::size_t most_in_list = 128;

// How many placeholders (?) the statement for `count` values has; `count` is 1 to most_in_list.
std::size_t in_list_size(std::size_t count);

// `sql`, which must end with a column, followed by IN and the placeholders for `count` values.
std::string among(std::string_view sql, std::size_t count);

// Binds the values to these placeholders. There must be at least one value.
template <class Value>
void add_all(query& to, std::span<const Value> values) {
  for (std::size_t i = 0; i < in_list_size(values.size()); ++i)
    to.add(values[std::min(i, values.size() - 1)]);
}

// Calls `what` with one part of the values after another, each with at most most_in_list values.
template <class Value, class What>
void in_lists(std::span<const Value> values, What what) {
  while (!values.empty()) {
    const auto some = values.first(std::min(values.size(), most_in_list));
    what(some);
    values = values.subspan(some.size());
  }
}

}  // namespace dossier::stores::sql
