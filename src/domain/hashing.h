// The digests of what is submitted: of each file's bytes, and of a whole submission.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/byte_source.h"
#include "base/expects.h"
#include "base/sha256.h"
#include "domain/media_type.h"
#include "domain/values.h"

namespace dossier::domain {

// A digest of what was submitted: two submissions with the same fingerprint are the same. It is stored with
// idempotency keys, so every version must compute it in the same way.

class fingerprint {
 public:
  // Adds the length and then the text, so that "ab", "c" differs from "a", "bc".
  void add(std::string_view text);
  // Adds all details in their order. A detail that came with a later version of Dossier is left out when it
  // is empty, so that earlier submissions keep their fingerprint.
  void add(const details& what);
  void add_file(std::string_view name, const sha256_digest& digest);
  sha256_digest finish() { return hash_.finish(); }

 private:
  base::sha256 hash_;
};

sha256_digest fingerprint_of(const details& what);

// Passes a file's bytes on from the client to the object store, and counts, limits and hashes them. It keeps
// only the first bytes, for the media type.

class hashing_source final : public base::byte_source, public base::waiting_source {
 public:
  // `limit` is in bytes; a longer stream fails with too_large. `bytes` must outlive this object.
  hashing_source(base::byte_source& bytes, std::uint64_t limit);

  awaitable<base::result<base::byte_view>> next() override;
  bool ready() const override { return base::is_ready(bytes_); }

  // Once ended() is true, these describe the whole file. Call digest() only then, and only once.
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
