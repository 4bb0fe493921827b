// A limited quantity that many callers share, such as bytes of memory or requests at one time. Callers get
// their shares in the order in which they asked, and hold nothing while they wait.
//
//   const auto room = co_await disk.take(part_size);   // given back when `room` is destroyed
//
// May be used from any event loop. Nobody starves: a large request at the front holds back the smaller ones
// behind it.
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

  // The share of one caller. It may outlive the quota and be destroyed on any thread.
  class share {
   public:
    share() = default;
    share(share&& other) noexcept;
    share& operator=(share&& other) noexcept;
    ~share();

    std::uint64_t amount() const { return amount_; }
    // Keeps at most `to` and gives the rest back.
    void shrink(std::uint64_t to);

   private:
    friend class quota;
    share(std::shared_ptr<state> from, std::uint64_t amount);

    std::shared_ptr<state> from_;
    std::uint64_t amount_ = 0;
  };

  // Waits for a share. An amount above the limit counts as the limit. Cancelling the wait takes the caller
  // out of the line.
  awaitable<share> take(std::uint64_t amount);
  // Like take(), but empty when the wait takes longer than `time`.
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
