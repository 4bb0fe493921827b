// An open object as a byte_source: as a stretch of a file for those who can send that, or read in pieces.
// What lies in memory is read at once; for what does not, a thread of the pool waits for the disk.
#pragma once

#include <cstdint>
#include <memory>

#include "base/blocking_pool.h"
#include "base/byte_source.h"
#include "base/source_abilities.h"
#include "stores/objects/descriptor.h"

namespace dossier::stores {

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

}  // namespace dossier::stores
