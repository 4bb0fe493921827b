// The records of bare_store: one SQLite table, one writer thread, one durable commit for all rows that wait.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <sqlite3.h>

namespace dossier::bench {

struct bare_row {
  std::string fields;
  std::string key;
  std::uint64_t size = 0;
  std::string digest;
};

class bare_records {
 public:
  // At most `batch` rows share a commit; 1 is one sync per row.
  bare_records(const std::string& path, std::size_t batch);
  ~bare_records();

  // Blocks until the row is on disk; returns its number.
  std::int64_t insert(bare_row row);

 private:
  struct waiting {
    bare_row row;
    std::int64_t number = 0;
    bool done = false;
    std::condition_variable finished;
  };

  void write();
  void commit(const std::vector<waiting*>& rows);
  void execute(const char* sql);

  sqlite3* database_ = nullptr;
  sqlite3_stmt* insert_ = nullptr;
  std::size_t batch_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<waiting*> queue_;
  bool stopping_ = false;
  std::thread writer_;
};

}  // namespace dossier::bench
