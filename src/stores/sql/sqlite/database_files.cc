#include "stores/sql/sqlite/database_files.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <sys/stat.h>

#include "base/log.h"

namespace dossier::stores::sql {

bool database_files::watched::is_same() const {
  if (number == 0) return true;
  struct ::stat found = {};
  return ::stat(path.c_str(), &found) == 0 && found.st_ino == number && found.st_dev == device;
}

database_files::database_files(std::filesystem::path database) {
  constexpr std::array<const char*, 3> endings{"", "-wal", "-shm"};
  for (std::size_t i = 0; i < endings.size(); ++i) {
    auto& one = files_[i];
    one.path = database;
    one.path += endings[i];
    struct ::stat found = {};
    if (::stat(one.path.c_str(), &found) != 0) continue;
    one.device = found.st_dev;
    one.number = found.st_ino;
  }
}

const database_files::watched* database_files::changed() const {
  const auto found = std::ranges::find_if_not(files_, &watched::is_same);
  return found == files_.end() ? nullptr : &*found;
}

base::result<void> database_files::still_there() const {
  const auto* lost = changed();
  if (lost == nullptr) {
    if (told_.load(std::memory_order_relaxed) && told_.exchange(false)) {
      base::log_info("the database is back", {{"file", files_.front().path.string()}});
    }
    return {};
  }
  if (!told_.exchange(true)) {
    base::log_error(
        "a file of the database was removed or replaced: nothing can be stored",
        {{"file", lost->path.string()},
         {"what_to_do", "put the same file back, or stop Dossier, see to the data folder, and start it"}});
  }
  return base::fail(
      base::error_code::unavailable,
      "The data folder was removed or replaced under the running server: nothing can be stored. Its "
      "operator has to put the folder back, or restart the server.");
}

bool database_files::only_log_is_gone() const {
  struct ::stat found = {};
  return files_[0].is_same() && !files_[1].is_same() && ::stat(files_[1].path.c_str(), &found) != 0 &&
         errno == ENOENT;
}

}  // namespace dossier::stores::sql
