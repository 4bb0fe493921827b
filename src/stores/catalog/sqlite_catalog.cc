#include "stores/catalog/sqlite_catalog.h"

#include <algorithm>

#include "base/expects.h"
#include "stores/sql/query.h"

namespace dossier::stores {
namespace {

using base::result;
using domain::catalog_item;
using domain::catalog_page;
using domain::records_identity;
using sql::connection;
using sql::execute;
using sql::query;

#define DOSSIER_ITEM_COLUMNS \
  "object_key, author, person_id, file_id, name, size, sha256, media_type, created_at"

catalog_item read_item(const query& row) {
  catalog_item item;
  item.key = {row.string(0)};
  item.author = row.string(1);
  item.person = {row.integer(2)};
  item.file = {row.integer(3)};
  item.name = row.string(4);
  item.size = static_cast<std::uint64_t>(row.integer(5));
  item.digest = row.digest(6);
  item.media_type = row.string(7);
  item.created_at = row.time(8);
  return item;
}

// Reads one item more than the page holds, to know whether there is a next page. A page's `next` is its last
// key.
catalog_page read_page(query& rows, int limit) {
  base::expects(limit > 0, "a page has room for an item");
  catalog_page page;
  while (rows.next()) {
    if (std::ssize(page.items) == limit) {
      page.next = page.items.back().key.value;
      break;
    }
    page.items.push_back(read_item(rows));
  }
  return page;
}

void write_item(connection& on, const catalog_item& item) {
  const auto met =
      execute(on,
              "UPDATE item SET author = ?, person_id = ?, file_id = ?, name = ?, size = ?, sha256 = ?, "
              "media_type = ?, created_at = ? WHERE object_key = ?",
              item.author, item.person, item.file, item.name, item.size, item.digest, item.media_type,
              item.created_at, item.key);
  if (met > 0) return;
  execute(on, "INSERT INTO item (" DOSSIER_ITEM_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", item.key,
          item.author, item.person, item.file, item.name, item.size, item.digest, item.media_type,
          item.created_at);
}

std::optional<records_identity> read_owner(connection& on) {
  query row(on, "SELECT identity FROM records_identity WHERE one = 1");
  if (!row.next()) return std::nullopt;
  return records_identity{row.string(0)};
}

}  // namespace

sqlite_catalog::sqlite_catalog(std::unique_ptr<sql::driver> on) : driver_(std::move(on)) {
  base::expects(driver_ != nullptr, "a catalog has a driver");
}

sqlite_catalog::~sqlite_catalog() = default;

awaitable<result<void>> sqlite_catalog::put(catalog_item item) {
  return driver_->write("put", [item = std::move(item)](connection& on) -> result<void> {
    write_item(on, item);
    return {};
  });
}

awaitable<result<void>> sqlite_catalog::put_all(std::vector<catalog_item> items) {
  return driver_->write("put_all", [items = std::move(items)](connection& on) -> result<void> {
    for (const auto& item : items) write_item(on, item);
    return {};
  });
}

awaitable<result<void>> sqlite_catalog::erase(domain::object_key key) {
  return driver_->write("erase", [key = std::move(key)](connection& on) -> result<void> {
    on.clear_log_soon();
    execute(on, "DELETE FROM item WHERE object_key = ?", key);
    return {};
  });
}

awaitable<result<std::optional<catalog_item>>> sqlite_catalog::find(domain::object_key key) {
  return driver_->read("find", [key = std::move(key)](connection& on) -> result<std::optional<catalog_item>> {
    query row(on, "SELECT " DOSSIER_ITEM_COLUMNS " FROM item WHERE object_key = ?", key);
    if (!row.next()) return std::nullopt;
    return read_item(row);
  });
}

awaitable<result<catalog_page>> sqlite_catalog::by_author(std::string author, std::string from, int limit) {
  return driver_->read("by_author",
                       [author = std::move(author), from = std::move(from),
                        limit = std::max(limit, 1)](connection& on) -> result<catalog_page> {
                         query rows(on,
                                    "SELECT " DOSSIER_ITEM_COLUMNS
                                    " FROM item WHERE author = ? AND object_key > ? "
                                    "ORDER BY object_key LIMIT ?",
                                    author, from, limit + 1);
                         return read_page(rows, limit);
                       });
}

awaitable<result<catalog_page>> sqlite_catalog::scan(std::string from, int limit) {
  return driver_->read(
      "scan", [from = std::move(from), limit = std::max(limit, 1)](connection& on) -> result<catalog_page> {
        query rows(
            on, "SELECT " DOSSIER_ITEM_COLUMNS " FROM item WHERE object_key > ? ORDER BY object_key LIMIT ?",
            from, limit + 1);
        return read_page(rows, limit);
      });
}

awaitable<result<std::optional<records_identity>>> sqlite_catalog::owner() {
  return driver_->read(
      "owner", [](connection& on) -> result<std::optional<records_identity>> { return read_owner(on); });
}

awaitable<result<records_identity>> sqlite_catalog::claim(records_identity who) {
  base::expects(domain::is_identity(who.value), "a mark names its records");
  return driver_->write("claim", [who = std::move(who)](connection& on) -> result<records_identity> {
    if (auto owner = read_owner(on)) return std::move(*owner);
    execute(on, "INSERT INTO records_identity (one, identity) VALUES (1, ?)", who.value);
    return who;
  });
}

awaitable<result<void>> sqlite_catalog::give(records_identity who) {
  base::expects(domain::is_identity(who.value), "a mark names its records");
  return driver_->write("give", [who = std::move(who)](connection& on) -> result<void> {
    execute(on, "DELETE FROM records_identity");
    execute(on, "INSERT INTO records_identity (one, identity) VALUES (1, ?)", who.value);
    return {};
  });
}

awaitable<result<void>> sqlite_catalog::check() {
  if (auto there = driver_->look(); !there) co_return there;
  co_return co_await driver_->read("check", [](connection& on) -> result<void> {
    query row(on, "SELECT MAX(number) FROM schema_migration");
    if (!row.next() || row.is_null(0))
      return base::fail(base::error_code::unavailable, "The catalog is not set up.");
    return {};
  });
}

}  // namespace dossier::stores
