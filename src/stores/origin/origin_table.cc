#include "stores/origin/origin_table.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/log.h"
#include "domain/field.h"
#include "stores/sql/query.h"

namespace dossier::stores {
namespace {

using base::error_code;
using base::result;
using sql::query;

// The origin's columns that become details in Dossier, each with the detail's place in detail_fields().
std::vector<std::pair<std::string_view, std::size_t>> needed() {
  std::vector<std::pair<std::string_view, std::size_t>> columns;
  const auto all = domain::detail_fields();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!all[i].origin_column.empty()) columns.emplace_back(all[i].origin_column, i);
  }
  return columns;
}

struct column {
  std::string name;
  bool whole_number = false;
  bool counts_up = false;
};

std::vector<column> columns_of(sql::connection& on) {
  query rows(on,
             "SELECT column_name, data_type, extra FROM information_schema.columns "
             "WHERE table_schema = DATABASE() AND table_name = 'users'");
  std::vector<column> found;
  while (rows.next()) {
    found.push_back({base::ascii_lower(rows.text(0)), base::ascii_lower(rows.text(1)).contains("int"),
                     base::ascii_lower(rows.text(2)).contains("auto_increment")});
  }
  return found;
}

// The auto-increment column; without one, a column of whole numbers named id or employee_id; without these,
// empty. Queries quote the name.
std::string id_among(const std::vector<column>& all) {
  const auto counting = std::ranges::find(all, true, &column::counts_up);
  if (counting != all.end()) return counting->name;
  for (const std::string_view usual : {"id", "employee_id"}) {
    const auto named = std::ranges::find(all, usual, &column::name);
    if (named != all.end() && named->whole_number) return named->name;
  }
  return {};
}

// The origin's texts may have any character set and length; 1000 characters are more than Dossier accepts in
// a text.
std::string page_query(const std::string& id, bool first) {
  std::string sql = fmt::format("SELECT CAST(`{}` AS CHAR)", id);
  for (const auto& [field, at] : needed()) sql += fmt::format(", LEFT(CAST(`{}` AS CHAR), 1000)", field);
  return sql + fmt::format(" FROM users{} ORDER BY `{}` LIMIT ?",
                           first ? std::string() : fmt::format(" WHERE `{}` > ?", id), id);
}

domain::origin_person read_person(const query& row) {
  domain::origin_person who{.id = row.string(0), .details = {}};
  int column = 0;
  for (const auto& [field, at] : needed()) {
    if (!row.is_null(++column)) who.details[at] = row.string(column);
  }
  return who;
}

}  // namespace

origin_table::origin_table(sql::mysql_settings where) : settings_(std::move(where)), thread_(1) {}

// After a failure the next call connects again.
template <class Answer, class Work>
awaitable<result<Answer>> origin_table::ask(Work work) {
  co_return co_await thread_.run([&]() -> result<Answer> {
    try {
      if (auto there = connect(); !there) return base::pass(there);
      return work(*connection_);
    } catch (const sql::failure& problem) {
      connection_.reset();
      base::log_error("the origin's table cannot be read",
                      {{"host", settings_.host}, {"detail", problem.detail()}});
      return base::fail(error_code::unavailable,
                        fmt::format("The origin's database {} at {} cannot be read; the log says why.",
                                    settings_.database, settings_.host));
    }
  });
}

result<void> origin_table::connect() {
  if (connection_) return {};
  connection_ = std::make_unique<sql::mysql_connection>(settings_);
  auto found = find_columns();
  if (!found) connection_.reset();
  return found;
}

result<void> origin_table::find_columns() {
  const auto all = columns_of(*connection_);
  if (all.empty()) {
    return base::fail(error_code::invalid,
                      fmt::format("The database {} has no table users.", settings_.database));
  }
  for (const auto& [field, at] : needed()) {
    if (std::ranges::find(all, field, &column::name) != all.end()) continue;
    return base::fail(error_code::invalid, fmt::format("The origin's table users has no column {}.", field));
  }
  id_column_ = id_among(all);
  if (!id_column_.empty()) return {};
  return base::fail(error_code::invalid,
                    "The origin's table users has no column that numbers people: one that counts up, or id.");
}

awaitable<result<std::int64_t>> origin_table::count() {
  co_return co_await ask<std::int64_t>([](sql::connection& on) -> result<std::int64_t> {
    query row(on, "SELECT COUNT(*) FROM users");
    return row.next() ? row.integer(0) : 0;
  });
}

awaitable<result<std::vector<domain::origin_person>>> origin_table::page(std::string after, int limit) {
  using people = std::vector<domain::origin_person>;
  co_return co_await ask<people>([&](sql::connection& on) -> result<people> {
    std::int64_t last = 0;
    std::from_chars(after.data(), after.data() + after.size(), last);
    query rows(on, page_query(id_column_, after.empty()));
    if (!after.empty()) rows.add(last);
    rows.add(limit);
    people found;
    while (rows.next()) found.push_back(read_person(rows));
    return found;
  });
}

}  // namespace dossier::stores
