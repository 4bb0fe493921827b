// A file's bytes on their way from the client to the object store: counted, limited and hashed. Only the
// first ones are kept, for the media type.
#pragma once

#include <array>
#include <cstdint>

#include "base/byte_source.h"
#include "base/expects.h"
#include "base/sha256.h"
#include "domain/media_type.h"

namespace dossier::domain {

class hashing_source final : public base::byte_source, public base::waiting_source {
 public:
  // `limit` in bytes; a longer stream ends in too_large.
  hashing_source(base::byte_source& bytes, std::uint64_t limit);

  awaitable<base::result<base::byte_view>> next() override;
  bool ready() const override { return base::is_ready(bytes_); }

  // These are of the whole file once the end was reached. The digest is taken once, and not before.
  bool ended() const { return ended_; }
  std::uint64_t size() const { return size_; }
  base::sha256_digest digest() {
    base::expects(ended_, "a file's digest is taken at its end");
    return hash_.finish();
  }
  std::string_view media_type() const;

 private:
  base::byte_source& bytes_;
  std::uint64_t limit_;
  std::uint64_t size_ = 0;
  base::sha256 hash_;
  std::array<std::byte, media_type_prefix> prefix_;
  bool ended_ = false;
};

}  // namespace dossier::domain
