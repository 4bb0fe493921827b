// Parts of uploads on their way to S3, in files without a name: each has a length and a digest before it is
// sent, can be sent again, and is gone when its process is.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "aws/s3.h"
#include "base/byte_source.h"
#include "base/result.h"
#include "base/sha256.h"
#include "stores/objects/descriptor.h"
#include "stores/objects/staging_room.h"

namespace dossier::stores {

// One part. Calls that say so block.
class staged_part {
 public:
  // In this folder; what it takes of the disk is counted in `room` as long as it lives.
  staged_part(const std::filesystem::path& folder, staging_room::share room);
  ~staged_part();
  staged_part(const staged_part&) = delete;
  staged_part& operator=(const staged_part&) = delete;

  // Blocks. no_space, unavailable.
  base::result<void> append(base::byte_view bytes);
  // That was all of it; the room that it did not need is given back. False: it was given up.
  bool seal();
  staging_room::share& room() { return room_; }

  std::uint64_t length() const { return length_; }
  // Once sealed. The body keeps the part.
  static aws::s3::payload payload_of(std::shared_ptr<const staged_part> part, bool send_checksum);

 private:
  base::result<void> open();

  const std::filesystem::path& folder_;
  std::shared_ptr<descriptor> file_;  // shared with whoever gives it up
  staging_room::share room_;
  std::uint64_t length_ = 0;
  base::sha256 hash_;
  base::sha256_digest digest_ = {};
};

// Whether parts can be staged there; the error says what to do. Blocks.
base::result<void> check_staging(const std::filesystem::path& folder);

}  // namespace dossier::stores
