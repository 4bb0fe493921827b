#include "app/data_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/expects.h"

namespace dossier::app {
namespace {

std::string holder_of(int descriptor) {
  std::array<char, 32> text{};
  const auto length = pread(descriptor, text.data(), text.size(), 0);
  std::string pid(text.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
  while (!pid.empty() && (pid.back() < '0' || pid.back() > '9')) pid.pop_back();
  return pid.empty() ? "Another process" : fmt::format("The process {}", pid);
}

// Overwrites the old pid in the same block: a full disk may have no room for another. The pid is only for
// people. If it cannot be written, the lock is still held, and the file is emptied so that nobody reads a
// wrong pid.
void write_holder(int descriptor) {
  const auto pid = fmt::format("{:<15}\n", getpid());
  const auto length = static_cast<ssize_t>(pid.size());
  const bool written = pwrite(descriptor, pid.data(), pid.size(), 0) == length;
  [[maybe_unused]] const int cut = ftruncate(descriptor, written ? length : 0);
}

base::result<void> make_folder(const std::filesystem::path& data) {
  std::error_code problem;
  if (data.has_parent_path()) std::filesystem::create_directories(data.parent_path(), problem);
  if (mkdir(data.c_str(), 0700) == 0 || errno == EEXIST) return {};
  return base::fail(base::error_code::unavailable,
                    fmt::format("The data folder {} cannot be made: {}. Name another one with --data.",
                                data.string(), std::strerror(errno)));
}

}  // namespace

base::result<data_lock> data_lock::acquire(const std::filesystem::path& data) {
  base::expects(!data.empty(), "the folder to lock has a name");
  if (auto made = make_folder(data); !made) return base::pass(made);
  const auto path = data / "lock";
  const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0 && errno == ELOOP) {
    return base::fail(
        base::error_code::invalid,
        fmt::format("{} is a link, and the file that it points to would be overwritten. Remove the "
                    "link, and find out who made it.",
                    path.string()));
  }
  if (descriptor < 0) {
    return base::fail(base::error_code::unavailable,
                      fmt::format("{} cannot be opened: {}. Let this user write to it, or name another "
                                  "folder with --data.",
                                  path.string(), std::strerror(errno)));
  }
  data_lock lock(descriptor);
  if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    return base::fail(
        base::error_code::conflict,
        fmt::format("{} already serves the data in {}. Stop it first, or name another folder with "
                    "--data.",
                    holder_of(descriptor), data.string()));
  }
  write_holder(descriptor);
  return lock;
}

data_lock::data_lock(data_lock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

data_lock::~data_lock() {
  if (descriptor_ >= 0) close(descriptor_);
}

}  // namespace dossier::app
