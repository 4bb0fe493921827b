// A quantity that many share: bytes of a disk, places in a line. Who wants some of it waits, first come,
// first served, without holding anything meanwhile.
//
//   const auto room = co_await disk.take(part_size);   // given back when it goes
//
// From any event loop. Nobody starves: a large request at the front holds back the smaller ones behind it.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "base/async.h"

namespace dossier::stores {

class quota {
  struct state;

 public:
  explicit quota(std::uint64_t limit);
  ~quota();
  quota(const quota&) = delete;
  quota& operator=(const quota&) = delete;

  // What somebody has of it. May outlive the quota and be let go from any thread.
  class share {
   public:
    share() = default;
    share(share&& other) noexcept;
    share& operator=(share&& other) noexcept;
    ~share();

    std::uint64_t amount() const { return amount_; }
    // Gives the rest back.
    void shrink(std::uint64_t to);

   private:
    friend class quota;
    share(std::shared_ptr<state> from, std::uint64_t amount);

    std::shared_ptr<state> from_;
    std::uint64_t amount_ = 0;
  };

  // At most the whole. Cancelling the wait leaves the line.
  awaitable<share> take(std::uint64_t amount);
  // Nothing, when it does not come within this time.
  awaitable<std::optional<share>> take_within(std::chrono::milliseconds time, std::uint64_t amount);

  std::uint64_t limit() const;
  std::uint64_t taken() const;
  std::size_t waiting() const;

 private:
  class place_in_line;
  using instant = std::chrono::steady_clock::time_point;

  awaitable<std::optional<share>> take_until(instant end, std::uint64_t amount);

  std::shared_ptr<state> state_;
};

}  // namespace dossier::stores
