// Makes sure that only one process serves a data folder: an exclusive lock on DATA/lock, held as long as this
// object lives. The lock also ends with the process, however it ends. The file holds the pid, for the error
// message of a second process.
#pragma once

#include <filesystem>

#include "base/result.h"

namespace dossier::app {

class data_lock {
 public:
  // Makes the folder if it is missing, for its owner only. conflict: another process serves it; the message
  // says which. invalid: the lock is a link. unavailable: the folder or the lock cannot be made.
  static base::result<data_lock> acquire(const std::filesystem::path& data);

  data_lock(data_lock&& other) noexcept;
  data_lock& operator=(data_lock&&) = delete;
  ~data_lock();

 private:
  explicit data_lock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace dossier::app
