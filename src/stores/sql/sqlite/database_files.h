// Checks whether the names of an open SQLite database's files still lead to these files. If somebody removes,
// renames or replaces the files of a running process, SQLite still accepts every transaction, but writes it
// to files that nobody will find. So the writer checks before and after each commit. That takes some
// microseconds, far less than a sync.
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
  // The database must be open for writing and have its log. Remembers the files that it has now.
  explicit database_files(std::filesystem::path database);

  // unavailable: a file is missing or was replaced. Logs when it notices that, and when the files are back.
  // May be called from any thread.
  base::result<void> still_there() const;
  // Whether the database is there and its log is missing. Then the log's contents can still be moved into the
  // database.
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
