// The object store in a folder. Calls that wait for the disk run on the pool; a small object is stored in one
// job of the pool.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>

#include "base/blocking_pool.h"
#include "base/byte_source.h"
#include "base/observer.h"
#include "domain/object_store.h"
#include "stores/objects/descriptor.h"
#include "stores/objects/object_folder.h"
#include "stores/observed_calls.h"

namespace dossier::stores {

// Reads an open object: as a region of a file, for a caller that can send one (as_file), or in pieces (next).
// Bytes that the kernel has in memory are read at once; for other bytes, a thread of the pool waits for the
// disk.
class object_reader final : public base::byte_source, public base::fetching_source {
 public:
  object_reader(base::blocking_pool& pool, descriptor file, std::uint64_t offset, std::uint64_t length);

  awaitable<base::result<base::byte_view>> next() override;
  std::optional<base::file_region> as_file() override;
  awaitable<void> fetch(base::file_region stretch) override;

 private:
  base::blocking_pool& pool_;
  descriptor file_;
  std::uint64_t offset_;
  std::uint64_t left_;
  std::unique_ptr<std::byte[]> buffer_;
};

class folder_objects final : public domain::object_store {
 public:
  // folder->prepare() must have been called. The pool must outlive this object.
  folder_objects(std::unique_ptr<object_folder> folder, base::blocking_pool& pool,
                 base::call_observer observer);
  ~folder_objects() override;

  awaitable<base::result<void>> put(domain::object_key key, base::byte_source& bytes) override;
  awaitable<base::result<std::unique_ptr<base::byte_source>>> open(domain::object_key key,
                                                                   std::uint64_t offset,
                                                                   std::uint64_t length) override;
  awaitable<base::result<std::optional<std::string>>> link(domain::object_key key,
                                                           domain::link_headers shown) override;
  awaitable<base::result<void>> erase(domain::object_key key) override;
  awaitable<base::result<std::optional<std::uint64_t>>> stat(domain::object_key key) override;
  awaitable<base::result<std::vector<domain::object_entry>>> list(domain::object_key after,
                                                                  int limit) override;
  awaitable<base::result<domain::object_remains>> remains(int limit) override;
  awaitable<base::result<std::optional<domain::records_identity>>> owner() override;
  awaitable<base::result<domain::records_identity>> claim(domain::records_identity who) override;
  awaitable<base::result<void>> give(domain::records_identity who) override;
  awaitable<base::result<void>> check() override;

 private:
  class upload;

  awaitable<base::result<void>> put_all(const domain::object_key& key, base::byte_source& bytes);
  awaitable<base::result<std::unique_ptr<base::byte_source>>> open_range(const domain::object_key& key,
                                                                         std::uint64_t offset,
                                                                         std::uint64_t length);

  std::unique_ptr<object_folder> folder_;
  base::blocking_pool& pool_;
  observed_calls calls_;
};

}  // namespace dossier::stores
