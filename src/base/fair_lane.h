// A few places for what takes long, as reads of a database, and the line of those who wait for one: fair
// (fair_queue.h), bounded in number and in time, and without those who have left.
//
//   auto turn = co_await lane.enter(who);
//   if (!turn) co_return base::pass(turn);
//   … work, as long as !turn->is_given_up() …        // the place is free again when the turn is destroyed
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <stop_token>
#include <utility>

#include "base/async.h"
#include "base/caller.h"
#include "base/fair_queue.h"
#include "base/result.h"
#include "base/sleeper.h"

namespace dossier::base {

struct lane_limits {
  unsigned places = 2;
  unsigned lengthy = 1;  // of the places, for lengthy turns
  std::chrono::milliseconds wait{2'000};
  queue_limits line = {};
};

// What a lane has to do, and what it had.
struct lane_use {
  std::size_t running = 0;
  std::size_t waiting = 0;
  std::uint64_t refused = 0;  // there was no room in the line
  std::uint64_t late = 0;     // waited too long
  std::uint64_t left = 0;     // hung up
};

class fair_lane {
 public:
  explicit fair_lane(lane_limits limits) : limits_(limits), line_(limits.line) {}
  fair_lane(const fair_lane&) = delete;
  fair_lane& operator=(const fair_lane&) = delete;

  class turn {
   public:
    turn(turn&& other) noexcept
        : lane_(std::exchange(other.lane_, nullptr)),
          name_(std::move(other.name_)),
          lengthy_(other.lengthy_),
          left_(std::move(other.left_)),
          began_(other.began_) {}
    turn& operator=(turn&&) = delete;
    ~turn();

    // Nobody waits for what is done any more, or the lane ends. From any thread.
    bool is_given_up() const;
    // What to answer then.
    error given_up() const;

   private:
    friend class fair_lane;
    turn(fair_lane& lane, std::string name, bool lengthy, std::stop_token left)
        : lane_(&lane),
          name_(std::move(name)),
          lengthy_(lengthy),
          left_(std::move(left)),
          began_(std::chrono::steady_clock::now()) {}

    fair_lane* lane_;
    std::string name_;
    bool lengthy_;
    std::stop_token left_;
    std::chrono::steady_clock::time_point began_;
  };

  // On any loop. unavailable, with a time to come back: the line is full, or the wait was too long.
  awaitable<result<turn>> enter(caller who, bool lengthy = false);

  // From any thread: whoever waits is refused, whoever comes is too, and turns are given up.
  void stop();
  lane_use use() const;

 private:
  struct waiter;
  class place_in_line;

  result<turn> begin(waiter& one, std::stop_token left);
  void grant();
  void end(const turn& done);
  void give_back(const std::string& name, bool lengthy, std::chrono::nanoseconds used);

  const lane_limits limits_;
  std::stop_source ending_;
  mutable std::mutex mutex_;
  fair_queue line_;
  unsigned running_ = 0;
  unsigned running_lengthy_ = 0;
  lane_use past_;
};

}  // namespace dossier::base
