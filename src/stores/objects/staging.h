// Stages parts of uploads to S3 in files without a name. So the length and the digest of a part are known
// before it is sent, it can be sent again, and it is gone when the process ends.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "aws/services/s3.h"
#include "base/byte_source.h"
#include "base/result.h"
#include "base/sha256.h"
#include "stores/objects/descriptor.h"
#include "stores/objects/staging_room.h"

namespace dossier::stores {

// One part. Calls that say so block.
class staged_part {
 public:
  // The part's file is made in this folder; the path must outlive the part. `room` counts the bytes as long
  // as the part exists.
  staged_part(const std::filesystem::path& folder, staging_room::share room);
  ~staged_part();
  staged_part(const staged_part&) = delete;
  staged_part& operator=(const staged_part&) = delete;

  // Blocks. Errors: no_space, unavailable.
  base::result<void> append(base::byte_view bytes);
  // Ends the part, and gives back the room that it did not need. False: it was given up before.
  bool seal();
  staging_room::share& room() { return room_; }

  std::uint64_t length() const { return length_; }
  // What to send for a sealed part. Its body keeps the part alive.
  static aws::s3::payload payload_of(std::shared_ptr<const staged_part> part, bool send_checksum);

 private:
  base::result<void> open();

  const std::filesystem::path& folder_;
  std::shared_ptr<descriptor> file_;  // shared with the function that frees its bytes
  staging_room::share room_;
  std::uint64_t length_ = 0;
  base::sha256 hash_;
  base::sha256_digest digest_ = {};
};

// Whether parts can be staged there; the error says what to do. Blocks.
base::result<void> check_staging(const std::filesystem::path& folder);

}  // namespace dossier::stores
