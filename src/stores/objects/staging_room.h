// The disk space that all uploads on their way to S3 share.
//
// A part gets room for all of its bytes before its first byte, in the order in which parts ask. So no
// half-full part waits for other half-full parts. A part that its client fills too slowly keeps only the room
// for the bytes that it holds. From then on it grows in small steps, and shares one half of the disk with the
// other slow parts. When that half is full, or fast parts wait while the slow ones have more than their half,
// the slow part that has stood still for longest is given up: its bytes are freed at once, and its upload
// finds that out when its client sends more.
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
    std::uint64_t rate = 4 << 20;  // bytes a second; a client that sends fewer counts as slow
  };

  explicit staging_room(std::uint64_t limit) : staging_room(limit, patience()) {}
  staging_room(std::uint64_t limit, patience with);
  ~staging_room();
  staging_room(const staging_room&) = delete;
  staging_room& operator=(const staging_room&) = delete;

  // The room of one part. It may outlive the staging_room and be destroyed on any thread.
  class share {
   public:
    share() = default;
    share(share&& other) noexcept = default;
    share& operator=(share&& other) noexcept;
    ~share();

    // Call these around each wait for the client. Only these waits decide whether the client is slow.
    void begin_waiting();
    void end_waiting();
    // Call it before writing `more` bytes. False: the part was given up, or it is slow and got no room for
    // these bytes within `time`.
    awaitable<bool> use(std::uint64_t more, std::chrono::milliseconds time);
    // Call it when the part is whole: gives back the rest of its room. From now on the part is not given up.
    // False: it was given up before.
    bool seal();
    // `free_bytes` frees the bytes of a part that is given up. It is called at most once, on any thread, and
    // must not block for long.
    void on_given_up(std::function<void()> free_bytes);

   private:
    friend class staging_room;
    share(std::shared_ptr<state> from, std::shared_ptr<place> mine);
    std::shared_ptr<state> from_;
    std::shared_ptr<place> mine_;
  };

  // An amount above the limit counts as the limit. Empty when the wait takes longer than `time`.
  awaitable<std::optional<share>> take_within(std::chrono::milliseconds time, std::uint64_t amount);

  std::uint64_t limit() const;
  std::uint64_t taken() const;
  std::size_t waiting() const;

 private:
  class place_in_line;
  std::shared_ptr<state> state_;
};

}  // namespace dossier::stores
