// Memory for the bytes of running uploads: one limit for all of them, in the server and in the stores.
//
// Taking memory never waits: it succeeds or fails at once, and a caller without it continues in smaller
// steps. No caller may hold any while it waits for a client, so a slow client takes nothing from the others.
// Freed blocks go back to the system, except for a few, so little is kept after a burst.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/expects.h"

namespace dossier::base {

class upload_memory {
 public:
  static constexpr std::uint64_t usual_limit = std::uint64_t{64} << 20;

  explicit upload_memory(std::uint64_t limit = usual_limit) : limit_(limit) {}
  // All shares and blocks must have been destroyed.
  ~upload_memory();
  upload_memory(const upload_memory&) = delete;
  upload_memory& operator=(const upload_memory&) = delete;

  // The right to use an amount of memory, until the share is destroyed. From any thread.
  class share {
   public:
    share() = default;
    share(share&& other) noexcept
        : from_(std::exchange(other.from_, nullptr)), amount_(std::exchange(other.amount_, 0)) {}
    share& operator=(share&& other) noexcept {
      std::swap(from_, other.from_);
      std::swap(amount_, other.amount_);
      return *this;
    }
    ~share() {
      if (!from_) return;
      const auto before = from_->in_use_.fetch_sub(amount_, std::memory_order_relaxed);
      expects(before >= amount_, "no more is given back than was taken");
    }
    explicit operator bool() const { return from_ != nullptr; }

   private:
    friend class upload_memory;
    share(upload_memory* from, std::uint64_t amount) : from_(from), amount_(amount) {}
    upload_memory* from_ = nullptr;
    std::uint64_t amount_ = 0;
  };

  // The two sizes of blocks, in bytes: for any body, and for a body that arrives faster than it is stored.
  enum class block_size : std::size_t { large = 64 * 1024, huge = 256 * 1024 };
  class block {
   public:
    block() = default;
    block(block&& other) noexcept
        : share_(std::move(other.share_)),
          data_(std::exchange(other.data_, nullptr)),
          size_(std::exchange(other.size_, 0)),
          from_(other.from_) {}
    block& operator=(block&& other) noexcept {
      std::swap(share_, other.share_);
      std::swap(data_, other.data_);
      std::swap(size_, other.size_);
      std::swap(from_, other.from_);
      return *this;
    }
    ~block() {
      if (data_) from_->give_back(data_, size_);
    }
    explicit operator bool() const { return data_ != nullptr; }
    char* data() const { return data_; }
    std::size_t size() const { return size_; }

   private:
    friend class upload_memory;
    block(upload_memory& from, share counted, char* data, std::size_t size)
        : share_(std::move(counted)), data_(data), size_(size), from_(&from) {}
    share share_;
    char* data_ = nullptr;
    std::size_t size_ = 0;
    upload_memory* from_ = nullptr;
  };

  // `amount` is in bytes. The result is false as a condition when too little is left. From any thread.
  share take(std::uint64_t amount);
  block take(block_size size);

  std::uint64_t in_use() const { return in_use_.load(std::memory_order_relaxed); }
  std::uint64_t limit() const { return limit_; }

 private:
  // Free blocks of one size. A few are kept, so that light work does not ask the system for each block.
  struct shelf {
    std::size_t size;
    std::vector<char*> kept;
  };

  shelf& shelf_of(std::size_t size);
  void give_back(char* data, std::size_t size);

  const std::uint64_t limit_;
  std::atomic<std::uint64_t> in_use_ = 0;
  std::mutex mutex_;
  std::array<shelf, 2> shelves_{shelf{static_cast<std::size_t>(block_size::large), {}},
                                shelf{static_cast<std::size_t>(block_size::huge), {}}};
};

// Gives back the memory of a string. Assigning an empty string does not: the memory would be kept.
inline void release_memory(std::string& text) {
  std::string().swap(text);
}

}  // namespace dossier::base
