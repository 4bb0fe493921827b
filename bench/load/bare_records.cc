#include "load/bare_records.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace dossier::bench {
namespace {

void check(int code, sqlite3* database) {
  if (code == SQLITE_OK || code == SQLITE_DONE) return;
  std::fprintf(stderr, "bare_store: %s\n", sqlite3_errmsg(database));
  std::exit(1);
}

void bind(sqlite3_stmt* statement, int index, const std::string& text) {
  sqlite3_bind_text(statement, index, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
}

}  // namespace

bare_records::bare_records(const std::string& path, std::size_t batch) : batch_(batch) {
  check(sqlite3_open(path.c_str(), &database_), database_);
  execute("PRAGMA journal_mode = WAL");
  execute("PRAGMA synchronous = FULL");
  execute(
      "CREATE TABLE record (id INTEGER PRIMARY KEY, fields TEXT, object TEXT, size INTEGER, digest TEXT)");
  check(sqlite3_prepare_v2(database_, "INSERT INTO record (fields, object, size, digest) VALUES (?, ?, ?, ?)",
                           -1, &insert_, nullptr),
        database_);
  writer_ = std::thread([this] { write(); });
}

bare_records::~bare_records() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  arrived_.notify_one();
  writer_.join();
  sqlite3_finalize(insert_);
  sqlite3_close(database_);
}

std::int64_t bare_records::insert(bare_row row) {
  waiting mine;
  mine.row = std::move(row);
  std::unique_lock lock(mutex_);
  queue_.push_back(&mine);
  arrived_.notify_one();
  mine.finished.wait(lock, [&] { return mine.done; });
  return mine.number;
}

void bare_records::write() {
  std::unique_lock lock(mutex_);
  for (;;) {
    arrived_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) return;
    const auto count = std::min(batch_, queue_.size());
    const std::vector<waiting*> rows(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(count));
    queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(count));
    lock.unlock();
    commit(rows);
    lock.lock();
    for (auto* row : rows) {
      row->done = true;
      row->finished.notify_one();
    }
  }
}

void bare_records::commit(const std::vector<waiting*>& rows) {
  execute("BEGIN IMMEDIATE");
  for (auto* waits : rows) {
    bind(insert_, 1, waits->row.fields);
    bind(insert_, 2, waits->row.key);
    sqlite3_bind_int64(insert_, 3, static_cast<std::int64_t>(waits->row.size));
    bind(insert_, 4, waits->row.digest);
    check(sqlite3_step(insert_), database_);
    sqlite3_reset(insert_);
    waits->number = sqlite3_last_insert_rowid(database_);
  }
  execute("COMMIT");
}

void bare_records::execute(const char* sql) {
  check(sqlite3_exec(database_, sql, nullptr, nullptr, nullptr), database_);
}

}  // namespace dossier::bench
