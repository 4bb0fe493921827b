// The object store in a folder. What waits for the disk runs on the pool; a small object takes one trip
// there.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>

#include "base/blocking_pool.h"
#include "base/observer.h"
#include "domain/object_store.h"
#include "stores/objects/object_folder.h"

namespace dossier::stores {

class folder_objects final : public domain::object_store {
 public:
  // The folder is prepared already. The pool outlives this.
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

  void tell(const char* operation, std::chrono::steady_clock::time_point start, bool worked) const;
  template <class Answer>
  awaitable<base::result<Answer>> observed(const char* operation, awaitable<base::result<Answer>> work);
  awaitable<base::result<void>> put_all(const domain::object_key& key, base::byte_source& bytes);
  awaitable<base::result<std::unique_ptr<base::byte_source>>> open_range(const domain::object_key& key,
                                                                         std::uint64_t offset,
                                                                         std::uint64_t length);

  std::unique_ptr<object_folder> folder_;
  base::blocking_pool& pool_;
  base::call_observer observer_;
};

}  // namespace dossier::stores
