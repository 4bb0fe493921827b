// The files of an open SQLite database: whether they are still those that their names lead to. A database
// that was removed, renamed or replaced under its process takes every transaction as before, into files that
// nobody will find: so before and after each commit somebody looks. Some microseconds, beside a sync.
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
  // Of a database that is open for writing and has its log. They are from now on what must be there.
  explicit database_files(std::filesystem::path database);

  // unavailable: one of them is gone or another one. Logged when it is noticed, and when they are back. From
  // any thread.
  base::result<void> still_there() const;
  // The database is there and its log is gone: the database could take what is in it.
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
