// Room on a disk. Uploads leave some free, and beside the databases lies a reserve: a file that is given up,
// part by part, when even that is gone (others fill disks too). So what frees space, deleting and the worker,
// goes on when nothing else does.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "base/result.h"

namespace dossier::stores {

// Its name, beside a database.
inline constexpr const char* reserve_name = "reserve";
inline constexpr std::uint64_t usual_reserve = std::uint64_t{16} << 20;

struct disk_space {
  std::uint64_t available = 0;  // bytes, for this process
  std::uint64_t size = 0;       // of the file system
};
// Nothing when it cannot be told.
std::optional<disk_space> space_on(const std::filesystem::path& folder);

// What is wanted, or a sixteenth of a small disk.
std::uint64_t reserve_for(std::uint64_t wanted, const disk_space& disk);

// no_space when these bytes, written there, would leave less than the reserve's size.
base::result<void> check_upload_room(const std::filesystem::path& folder, std::uint64_t wanted_reserve,
                                     std::uint64_t bytes);

// The file; its size is all that it knows, so several may look after the same one. Calls block for a moment.
class disk_reserve {
 public:
  // Zero: none.
  disk_reserve(std::filesystem::path file, std::uint64_t wanted);

  // Before a database is opened: gives up a part where there is not even room for that.
  void let_open() const;
  // At the start: makes it, or lets open; on a disk that is nearly full says so in the log.
  void prepare() const;
  // A part of it. False when there is none left.
  bool give_up() const;
  // Makes it whole where there is room again.
  void renew() const;
  // Room, the reserve included, for little more than two reserves: nothing is to be added.
  bool is_low() const;
  // no_space, with words for /healthz, when it is low.
  base::result<void> check() const;

 private:
  std::uint64_t present() const;
  std::uint64_t whole(const disk_space& disk) const { return reserve_for(wanted_, disk); }

  std::filesystem::path file_;
  std::filesystem::path folder_;
  std::uint64_t wanted_;
};

}  // namespace dossier::stores
