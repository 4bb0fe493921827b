#include "stores/origin/aws_origin.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <utility>

#include "aws/endpoints.h"
#include "base/ascii.h"
#include "base/expects.h"
#include "base/log.h"
#include "domain/field.h"
#include "stores/catalog/dynamodb_catalog.h"
#include "stores/objects/folder_mark.h"
#include "stores/objects/s3_reader.h"
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

using base::error_code;
using base::result;
using domain::origin_object;
namespace dynamodb = aws::dynamodb;
namespace s3 = aws::s3;

// The message has AWS's code for the operator, who has to correct a name or a permission.
std::unexpected<base::error> refused(std::string_view what, const aws::error& why) {
  const bool passes = why.kind == error_code::unavailable || why.kind == error_code::timed_out ||
                      why.kind == error_code::rate_limited;
  return base::fail(passes ? error_code::unavailable : error_code::invalid,
                    fmt::format("The origin's {} cannot be read ({}).", what, why.code));
}

// The source of an empty file, from which no range can be requested.
class no_bytes final : public base::byte_source {
 public:
  awaitable<result<base::byte_view>> next() override { co_return base::byte_view(); }
};

// Dossier's own items may be in the same table: the items of files have a FileId, and the mark has its own
// key.
bool is_ours(const dynamodb::item& one, std::string_view filename) {
  return dynamodb::find_integer(one, "FileId").has_value() || filename == mark_key;
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
  base::expects(limit > 0, "a page has room for a person");
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

aws_origin::aws_origin(sql::mysql_settings people, aws::client& calls, origin_bucket files,
                       dynamodb::table catalog)
    : people_(std::move(people)), client_(calls), files_(std::move(files)), catalog_(std::move(catalog)) {}

awaitable<result<std::int64_t>> aws_origin::count_people() {
  return people_.count();
}

awaitable<result<std::vector<domain::origin_person>>> aws_origin::people(std::string after, int limit) {
  return people_.page(std::move(after), limit);
}

awaitable<result<std::vector<origin_object>>> aws_origin::objects(std::string after, int limit) {
  const auto from = after.empty() ? after : files_.prefix + after;
  const auto answer = co_await client_.call(s3::list_objects(files_.bucket, files_.prefix, from, limit));
  const auto bucket = fmt::format("bucket {}", files_.bucket.name);
  if (!answer) co_return refused(bucket, answer.error());
  const auto listed = s3::parse_objects(*answer);
  if (!listed) co_return refused(bucket, listed.error());
  std::vector<origin_object> found;
  for (const auto& one : listed->objects) {
    if (!one.key.starts_with(files_.prefix) || one.key == files_.prefix + std::string(mark_name)) continue;
    found.push_back(
        {one.key.substr(files_.prefix.size()), fmt::format("{}/{}", files_.bucket.name, one.key), one.size});
  }
  co_return found;
}

awaitable<result<domain::origin_items>> aws_origin::items(std::string from) {
  const auto start =
      from.empty() ? dynamodb::item() : dynamodb::item_from_json(from).value_or(dynamodb::item());
  const auto answer = co_await client_.call(dynamodb::scan(catalog_, start));
  const auto table = fmt::format("table {}", catalog_.name);
  if (!answer) co_return refused(table, answer.error());
  auto page = dynamodb::parse_page(*answer);
  if (!page) co_return refused(table, page.error());
  domain::origin_items found;
  for (const auto& one : page->items) {
    const auto* filename = dynamodb::find_text(one, filename_attribute);
    if (filename == nullptr || is_ours(one, *filename)) continue;
    const auto* author = dynamodb::find_text(one, author_attribute);
    found.items.push_back({*filename, author != nullptr ? std::optional(*author) : std::nullopt});
  }
  if (!page->next.empty()) found.next = dynamodb::to_json(page->next);
  co_return found;
}

// Reads the file's current size, because the origin may overwrite its files.
awaitable<result<std::unique_ptr<base::byte_source>>> aws_origin::open(origin_object which) {
  const auto key = files_.prefix + which.key;
  const auto file = fmt::format("file {} in the bucket {}", key, files_.bucket.name);
  const auto answer = co_await client_.call(s3::head_object(files_.bucket, key));
  if (!answer) {
    if (answer.error().kind == error_code::not_found)
      co_return base::fail(error_code::not_found, "It is gone.");
    co_return refused(file, answer.error());
  }
  const auto head = s3::parse_head(*answer);
  if (!head) co_return refused(file, head.error());
  if (head->size == 0) co_return std::make_unique<no_bytes>();
  auto reader = co_await s3_reader::open(
      client_, {.bucket = files_.bucket, .name = key, .offset = 0, .length = head->size});
  if (!reader) co_return base::pass(reader);
  co_return std::move(*reader);
}

base::result<std::unique_ptr<domain::origin_reader>> make_origin(aws::session& session, origin_location where,
                                                                 sql::mysql_settings options) {
  auto s3 = aws::endpoint_of(session.settings(), aws::service::s3);
  if (!s3) return base::pass(s3);
  auto dynamodb = aws::endpoint_of(session.settings(), aws::service::dynamodb);
  if (!dynamodb) return base::pass(dynamodb);
  options.host = where.people.host;
  options.port = where.people.port;
  options.user = where.people.user;
  options.database = where.people.database;
  return std::make_unique<aws_origin>(
      std::move(options), session.calls(),
      origin_bucket{aws::s3::make_bucket(std::move(*s3), std::move(where.files.bucket)),
                    std::move(where.files.prefix)},
      aws::dynamodb::table{.where = std::move(*dynamodb), .name = std::move(where.catalog.table)});
}

}  // namespace dossier::stores
