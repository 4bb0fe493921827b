// What parts of uploads on their way to S3 take of the disk, for whoever watches it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace dossier::stores {

struct staging_use {
  std::uint64_t bytes = 0;  // a part that is being filled counts as a whole one
  std::uint64_t limit = 0;
  std::size_t waiting = 0;  // parts that there is no room for now
};

}  // namespace dossier::stores
