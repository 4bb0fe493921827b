// The folder on disk where folder_objects keeps its objects: ROOT/ab/abcdef…, in 256 folders named by the
// key's first two digits. Calls block.
//
// A new object is a file without a name until it is whole, so that a put that breaks off leaves nothing. On a
// file system that has no files without a name, the unfinished object has a hidden name: erase() removes it,
// and remains() lists it.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include <sys/types.h>

#include "base/result.h"
#include "domain/object_store.h"
#include "stores/disk_room.h"
#include "stores/objects/descriptor.h"

namespace dossier::stores {

class object_folder {
 public:
  // reserve: bytes of disk that uploads leave free (disk_room.h).
  explicit object_folder(std::filesystem::path root, std::uint64_t reserve = usual_reserve);

  // Makes the root when it is missing, and remembers which folder it is.
  base::result<void> prepare();

  // An object that is being written.
  struct draft {
    domain::object_key key;
    descriptor file;
    std::uint64_t size = 0;
    bool hidden_name = false;  // it has a hidden name instead of none
  };
  base::result<draft> start(const domain::object_key& key);
  base::result<void> append(draft& to, std::span<const std::byte> bytes);
  // Makes the object durable and visible, or neither.
  base::result<void> finish(draft& what);
  void give_up(draft& what) noexcept;

  // not_found: there is no such object.
  base::result<descriptor> open(const domain::object_key& key) const;
  // The same without waiting for the disk. Empty when that is not possible; then call open().
  std::optional<base::result<descriptor>> open_cached(const domain::object_key& key) const;

  base::result<void> erase(const domain::object_key& key);
  base::result<std::optional<std::uint64_t>> stat(const domain::object_key& key) const;
  base::result<std::vector<domain::object_entry>> list(const domain::object_key& after,
                                                       std::size_t limit) const;
  base::result<domain::object_remains> remains(std::size_t limit) const;
  base::result<void> check() const;

  base::result<std::optional<domain::records_identity>> owner() const;
  base::result<domain::records_identity> claim(const domain::records_identity& who) const;
  base::result<void> give(const domain::records_identity& who) const;

 private:
  // unavailable: the root's path no longer leads to the folder that it led to at prepare(). What is written
  // there now would be lost, and an object that is missing there may still exist.
  base::result<void> still_there() const;
  // Whether errno says that the object does not exist. False while the root is missing: its disk may not be
  // mounted.
  bool is_absent() const;
  std::filesystem::path path_of(const domain::object_key& key) const;
  std::filesystem::path hidden_path_of(const domain::object_key& key) const;
  std::filesystem::path folder_of(const domain::object_key& key) const;
  base::result<void> make_folder(const domain::object_key& key);
  base::result<void> make_again(const domain::object_key& key);
  descriptor open_nameless(const domain::object_key& key) const;
  base::result<draft> start_hidden(const domain::object_key& key);
  base::result<void> give_name(const draft& what);
  base::result<void> sync_folder(const std::filesystem::path& folder) const;
  void remains_of_folder(const std::filesystem::path& folder, std::size_t limit,
                         domain::object_remains& into) const;
  base::result<void> list_folder(const std::filesystem::path& folder, const domain::object_key& after,
                                 std::size_t limit, std::vector<domain::object_entry>& into) const;

  std::filesystem::path root_;
  std::uint64_t reserve_;
  dev_t device_ = 0;
  ino_t number_ = 0;  // 0: not prepared
  mutable std::atomic<bool> told_ = false;
  std::array<std::atomic<bool>, 256> made_ = {};
  std::atomic<bool> nameless_works_ = true;
};

// Whether the key is 32 lower-case hexadecimal digits. Keys become paths, so nothing else is allowed.
bool is_object_key(const domain::object_key& key);
// The name with `?` in place of each character that is not safe to print.
std::string printable(std::string name);

}  // namespace dossier::stores
