// Free space on a disk. Uploads leave some of it free, but other programs may fill the disk. For that case
// there is a reserve: a file beside the databases, which is made shorter part by part when the disk is full.
// So deletions and the worker, which free space, still work when nothing else does.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "base/result.h"

namespace dossier::stores {

// The reserve's file name, beside a database.
inline constexpr const char* reserve_name = "reserve";
inline constexpr std::uint64_t usual_reserve = std::uint64_t{16} << 20;

struct disk_space {
  std::uint64_t available = 0;  // bytes, for this process
  std::uint64_t size = 0;       // of the file system
};
// Empty when the system does not report it.
std::optional<disk_space> space_on(const std::filesystem::path& folder);

// The full size of the reserve in bytes: `wanted`, but at most a sixteenth of the disk.
std::uint64_t reserve_for(std::uint64_t wanted, const disk_space& disk);

// no_space when writing `bytes` bytes to the folder would leave less free space than reserve_for() answers.
base::result<void> check_upload_room(const std::filesystem::path& folder, std::uint64_t wanted_reserve,
                                     std::uint64_t bytes);

// The reserve's file. Its size is its only state, so several objects may manage the same file. Calls block
// for a moment.
class disk_reserve {
 public:
  // `wanted` is in bytes; 0: no reserve.
  disk_reserve(std::filesystem::path file, std::uint64_t wanted);

  // Call it before a database is opened: gives up a part when there is too little room to open it.
  void let_open() const;
  // Call it at the start: makes the reserve. When the disk is nearly full, logs that and calls let_open().
  void prepare() const;
  // Gives up a part of the reserve. False: nothing is left of it, or it cannot be made shorter.
  bool give_up() const;
  // Gives the reserve its full size again when there is room.
  void renew() const;
  // Whether the free space and the reserve together are less than 2.25 times the reserve's full size. Then
  // nothing should be added.
  bool is_low() const;
  // no_space, with a message for /healthz, when is_low().
  base::result<void> check() const;

 private:
  std::uint64_t present() const;
  std::uint64_t whole(const disk_space& disk) const { return reserve_for(wanted_, disk); }

  std::filesystem::path file_;
  std::filesystem::path folder_;
  std::uint64_t wanted_;
};

}  // namespace dossier::stores
