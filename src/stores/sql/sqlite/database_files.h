// Watches the files of an open SQLite database: whether their names still lead to them. A database that was
// removed, renamed or replaced under its process takes every transaction as before, but into files that
// nobody will find: so the writer looks before and after each commit. That takes some microseconds, far less
// than a sync.
#pragma once

#include <array>
#include <atomic>
#include <filesystem>
#include <optional>
#include <string>

#include <sys/types.h>

#include "base/result.h"

namespace dossier::stores::sql {

class database_files {
 public:
  // The database is open for writing and has its log. The files that it has now must stay.
  explicit database_files(std::filesystem::path database);

  // unavailable: one of them is gone or replaced. Logs when it notices that, and when they are back. From any
  // thread.
  base::result<void> still_there() const;
  // The database is there and its log is gone: what is in the log can still go into the database.
  bool only_log_is_gone() const;

 private:
  struct watched {
    std::filesystem::path path;
    dev_t device = 0;
    ino_t number = 0;  // 0: there was none
    bool is_same() const;
  };
  const watched* changed() const;

  std::array<watched, 3> files_;  // the database, its log, the log's index
  mutable std::atomic<bool> told_ = false;
};

}  // namespace dossier::stores::sql
