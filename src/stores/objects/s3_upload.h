// Uploads one object to S3: in one request when it is short, otherwise in parts that are sent in parallel.
//
//   source → piece (memory) ──────────────→ PutObject                  up to a piece, when it comes at once
//                  └→ staged part (disk) ─→ PutObject                  up to a part
//                                       └─→ UploadPart × n → Complete
//
// All uploads share one limit of memory for pieces and one limit of disk space for staged parts. No upload
// holds memory while it waits for its client. An upload that waits for disk space holds only the space of
// parts that are being sent, which need no more, or the little that a slow part has. So there is no deadlock.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "aws/client.h"
#include "aws/services/s3.h"
#include "base/async.h"
#include "base/blocking_pool.h"
#include "base/byte_source.h"
#include "base/result.h"
#include "stores/objects/quota.h"
#include "stores/objects/s3_place.h"
#include "stores/objects/staging_room.h"

namespace dossier::stores {

// The parts of one upload that are being sent in parallel.
//
// All calls must be on one event loop. A part that was started runs to its end or is cancelled. The
// destructor does not wait for it, because a part uses only what it owns or what outlives all uploads.
class parallel_parts {
 public:
  parallel_parts();
  ~parallel_parts();
  parallel_parts(const parallel_parts&) = delete;
  parallel_parts& operator=(const parallel_parts&) = delete;

  // Starts this part on the caller's executor.
  awaitable<void> start(awaitable<base::result<aws::s3::uploaded_part>> part);
  // Waits until fewer than `count` parts are running; 1: until all have ended. Rethrows a part's exception.
  awaitable<void> wait_below(int count);
  // Cancels all running parts, and waits until they have ended.
  awaitable<void> cancel();

  // The first error of any part; null: none has failed.
  const base::error* failure() const;
  // The parts that have arrived in S3, in order of their numbers.
  std::vector<aws::s3::uploaded_part> arrived() const;

 private:
  struct state;
  std::shared_ptr<state> state_;
};

struct upload_sizes {
  std::uint64_t part = std::uint64_t{8} << 20;     // bytes; doubles every 1,000 parts, up to part 10,000
  std::size_t piece = std::size_t{256} << 10;      // bytes that one upload gathers in memory
  std::uint64_t memory = std::uint64_t{32} << 20;  // bytes of all pieces together
  std::uint64_t disk = std::uint64_t{512} << 20;   // bytes of all staged parts together
  int parts_at_once = 4;                           // of one upload
  int sends_at_once = 64;                          // of all uploads
};

struct upload_options {
  std::filesystem::path staging;  // a folder that can be written to
  upload_sizes sizes = {};
  std::chrono::milliseconds wait{20'000};  // for room in memory or on the disk
};

// What all uploads share. It must outlive them.
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

// Size in bytes of the part with this number (from 1 to 10,000). 10,000 parts hold the largest object that S3
// accepts, unless the disk's quota is too small for such parts: with 512 MiB they hold 2.5 TB.
std::uint64_t part_size(const upload_sizes& sizes, int number);

// Does what object_store::put() has to do.
awaitable<base::result<void>> upload_to_s3(upload_means& means, const s3_place& place, std::string name,
                                           base::byte_source& bytes);

}  // namespace dossier::stores
