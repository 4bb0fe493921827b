// One object on its way to S3: one request when it is short, else parts side by side.
//
//   source → piece (memory) ──────────────→ PutObject                  up to a piece, when it comes at once
//                  └→ staged part (disk) ─→ PutObject                  up to a part
//                                       └─→ UploadPart × n → Complete
//
// Memory is bounded by the pieces, the disk by the staged parts; both come from what all uploads share, and
// nobody holds memory while waiting for a client. Who waits for disk holds no disk but of parts that are on
// their way, which need nothing more, or little of it, as a slow one: no deadlock.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>

#include "aws/client.h"
#include "base/blocking_pool.h"
#include "base/byte_source.h"
#include "base/result.h"
#include "stores/objects/quota.h"
#include "stores/objects/s3_place.h"
#include "stores/objects/staging_room.h"

namespace dossier::stores {

struct upload_sizes {
  std::uint64_t part = std::uint64_t{8} << 20;     // doubles every 1,000 parts, of which there are 10,000
  std::size_t piece = std::size_t{256} << 10;      // gathered in memory
  std::uint64_t memory = std::uint64_t{32} << 20;  // all pieces together
  std::uint64_t disk = std::uint64_t{512} << 20;   // all staged parts together
  int parts_at_once = 4;                           // of one upload
  int sends_at_once = 64;                          // of all uploads
};

struct upload_options {
  std::filesystem::path staging;  // a folder that can be written to
  upload_sizes sizes = {};
  std::chrono::milliseconds wait{20'000};  // for room in memory or on the disk
};

// What all uploads share; outlives them.
struct upload_means {
  upload_means(aws::client& via, base::blocking_pool& disk_pool, upload_options chosen);

  aws::client& client;
  base::blocking_pool& pool;
  std::filesystem::path staging;
  upload_sizes sizes;
  std::chrono::milliseconds wait;
  quota memory;       // bytes
  staging_room disk;  // bytes
  quota sends;        // requests with a body
};

// Size of the part with this number (from 1). 10,000 of them hold the largest object that S3 takes, unless
// the quota is smaller than such parts: with 512 MiB they hold 2.5 TB.
std::uint64_t part_size(const upload_sizes& sizes, int number);

// As object_store::put().
awaitable<base::result<void>> upload_to_s3(upload_means& means, const s3_place& place, std::string name,
                                           base::byte_source& bytes);

}  // namespace dossier::stores
