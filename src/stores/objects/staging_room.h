// The disk that all uploads on their way to S3 share.
//
// A part has room for all of it before its first byte, first come, first served, so that it never waits half
// full for others that do. One that its client does not fill soon keeps only the room for what it holds: from
// then on it grows in small steps, with the other slow ones in one half of the disk. When that half is full,
// or fast ones wait for what the slow ones have beyond it, the one that has stood still for longest is given
// up: its bytes go at once, and its upload is told so when its client moves.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "base/async.h"

namespace dossier::stores {

class staging_room {
  struct state;
  struct place;

 public:
  using clock = std::chrono::steady_clock;

  struct patience {
    std::chrono::milliseconds least{1'000};
    std::uint64_t rate = 4 << 20;  // bytes a second that a client must bring not to count as slow
  };

  explicit staging_room(std::uint64_t limit) : staging_room(limit, patience()) {}
  staging_room(std::uint64_t limit, patience with);
  ~staging_room();
  staging_room(const staging_room&) = delete;
  staging_room& operator=(const staging_room&) = delete;

  // Of one part. May outlive the room and be let go from any thread.
  class share {
   public:
    share() = default;
    share(share&& other) noexcept = default;
    share& operator=(share&& other) noexcept;
    ~share();

    // Around each wait for its client: whether that one is slow is measured by nothing else.
    void begin_waiting();
    void end_waiting();
    // Before more of it is written. False: it was given up, or there is no room within this time for one so
    // slow.
    awaitable<bool> use(std::uint64_t more, std::chrono::milliseconds time);
    // It is whole: the rest is given back, and it is not given up any more. False: it was given up before.
    bool seal();
    // Frees the bytes of a part that is given up; called once, from any thread, and must not block for long.
    void on_given_up(std::function<void()> free_bytes);

   private:
    friend class staging_room;
    share(std::shared_ptr<state> from, std::shared_ptr<place> mine);
    std::shared_ptr<state> from_;
    std::shared_ptr<place> mine_;
  };

  // At most the whole. Nothing, when there is none within this time.
  awaitable<std::optional<share>> take_within(std::chrono::milliseconds time, std::uint64_t amount);

  std::uint64_t limit() const;
  std::uint64_t taken() const;
  std::size_t waiting() const;

 private:
  class place_in_line;
  std::shared_ptr<state> state_;
};

}  // namespace dossier::stores
