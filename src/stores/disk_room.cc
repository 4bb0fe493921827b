#include "stores/disk_room.h"

#include <algorithm>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/expects.h"
#include "base/log.h"
#include "base/sizes.h"
#include "stores/objects/descriptor.h"

namespace dossier::stores {
namespace {

namespace fs = std::filesystem;

// A disk may be small, in a test or because of a quota. The reserve must not take most of it.
constexpr std::uint64_t smallest_share = 16;
constexpr std::uint64_t parts = 4;
// A database may need a quarter of a part to be opened.
constexpr std::uint64_t needed_to_open = 4;

std::unexpected<base::error> is_full() {
  return base::fail(base::error_code::no_space, "The disk is full. Free some space, then try again.");
}

}  // namespace

std::optional<disk_space> space_on(const fs::path& folder) {
  struct ::statvfs found = {};
  if (::statvfs(folder.empty() ? "." : folder.c_str(), &found) != 0) return std::nullopt;
  return disk_space{.available = std::uint64_t{found.f_bavail} * found.f_frsize,
                    .size = std::uint64_t{found.f_blocks} * found.f_frsize};
}

std::uint64_t reserve_for(std::uint64_t wanted, const disk_space& disk) {
  return std::min(wanted, disk.size / smallest_share);
}

base::result<void> check_upload_room(const fs::path& folder, std::uint64_t wanted_reserve,
                                     std::uint64_t bytes) {
  const auto disk = space_on(folder);
  if (!disk || disk->size == 0) return {};
  if (disk->available < reserve_for(wanted_reserve, *disk) + bytes) return is_full();
  return {};
}

disk_reserve::disk_reserve(fs::path file, std::uint64_t wanted)
    : file_(std::move(file)), folder_(file_.parent_path()), wanted_(wanted) {}

std::uint64_t disk_reserve::present() const {
  struct ::stat found = {};
  return ::stat(file_.c_str(), &found) == 0 ? static_cast<std::uint64_t>(found.st_size) : 0;
}

void disk_reserve::let_open() const {
  const auto disk = space_on(folder_);
  if (disk && disk->available < whole(*disk) / parts / needed_to_open) give_up();
}

void disk_reserve::prepare() const {
  renew();
  const auto disk = space_on(folder_);
  if (!disk || !is_low()) return;
  base::log_warning("the disk is nearly full: nothing is added until there is room",
                    {{"folder", folder_.string()}, {"left", base::human_size(disk->available)}});
  let_open();
}

bool disk_reserve::give_up() const {
  const auto disk = space_on(folder_);
  const auto there = present();
  if (!disk || there == 0) return false;
  const auto left = there - std::min(there, std::max<std::uint64_t>(whole(*disk) / parts, 1));
  base::expects(left < there, "giving up a part makes the reserve smaller");
  if (::truncate(file_.c_str(), static_cast<off_t>(left)) != 0) return false;
  base::log_warning("the disk is full: a part of the reserve is given up",
                    {{"file", file_.string()}, {"left", base::human_size(left)}});
  return true;
}

void disk_reserve::renew() const {
  const auto disk = space_on(folder_);
  if (!disk || wanted_ == 0) return;
  const auto size = whole(*disk);
  const auto there = present();
  if (there >= size || disk->available < 2 * size + (size - there)) return;
  const descriptor file(::open(file_.c_str(), O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  // The file's size shows whether this worked. Dossier also runs without a reserve.
  if (file && ::posix_fallocate(file.get(), 0, static_cast<off_t>(size)) != 0) {
    base::log_warning("the reserve for a full disk cannot be made", {{"file", file_.string()}});
  }
}

bool disk_reserve::is_low() const {
  const auto disk = space_on(folder_);
  if (!disk || disk->size == 0) return false;
  // This is a quarter of a reserve more than the room at which running uploads have to stop, so that uploads
  // that have begun can still end.
  return disk->available + present() < 2 * whole(*disk) + whole(*disk) / 4;
}

base::result<void> disk_reserve::check() const {
  if (!is_low()) return {};
  const auto disk = space_on(folder_);
  return base::fail(
      base::error_code::no_space,
      fmt::format("The disk is nearly full ({} are left): nothing can be added, deleting works.",
                  base::human_size(disk ? disk->available : 0)));
}

}  // namespace dossier::stores
