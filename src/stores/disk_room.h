// Room on a disk. Uploads leave some free. Other programs may fill the disk all the same: for that case a
// reserve lies beside the databases, a file that is given up part by part. So deleting and the worker, which
// free space, go on when nothing else can.
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
// Empty when the system does not say.
std::optional<disk_space> space_on(const std::filesystem::path& folder);

// `wanted` bytes, but at most a sixteenth of the disk.
std::uint64_t reserve_for(std::uint64_t wanted, const disk_space& disk);

// no_space when these bytes, written there, would leave less than the reserve's size.
base::result<void> check_upload_room(const std::filesystem::path& folder, std::uint64_t wanted_reserve,
                                     std::uint64_t bytes);

// The reserve's file. Its size is its only state, so several objects may look after the same file. Calls
// block for a moment.
class disk_reserve {
 public:
  // `wanted` is in bytes; 0: no reserve.
  disk_reserve(std::filesystem::path file, std::uint64_t wanted);

  // Before a database is opened: gives up a part when there is not even room for opening it.
  void let_open() const;
  // At the start: makes the reserve. On a disk that is nearly full it logs that and calls let_open().
  void prepare() const;
  // Gives up a part of it. False: nothing is left.
  bool give_up() const;
  // Makes it whole again when there is room.
  void renew() const;
  // Whether the room that is left, the reserve included, is less than two and a quarter reserves: then
  // nothing is to be added.
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
