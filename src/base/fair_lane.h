// A few places for long work, such as reads of a database, and the line of callers that wait for a place. The
// line is fair (fair_queue, below), limited in length and in time, and drops callers that have left.
//
//   auto turn = co_await lane.enter(who);
//   if (!turn) co_return base::pass(turn);
//   … work, as long as !turn->is_given_up() …        // the place is free again when the turn is destroyed
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/async.h"
#include "base/caller.h"
#include "base/result.h"
#include "base/waiting.h"

namespace dossier::base {

// Decides whose turn is next. Each entry waits under a name, such as a client's address, and all waiting
// names get equal shares of time: the next turn goes to the name that used least since it began to compete.
// So a client with few or short requests comes before clients that ask all the time, no matter how many those
// are. Time that a name used while no other name wanted it does not count against it.
//
// Each name has a mark, in seconds, which grows by the time that its turns take. The queue keeps the highest
// mark of the names whose turn has begun. A new name starts a little above that mark, so that a stream of new
// names does not come before the others.
//
// The queue neither waits nor looks at a clock; fair_lane does.
struct queue_limits {
  std::size_t waiting = 128;
  std::size_t waiting_each = 64;  // under one name
  std::size_t names = 1'024;      // above this, half of the idle names are forgotten
};

class fair_queue {
 public:
  // A caller that waits. The object must not move in memory while it is in the line.
  struct entry {
    std::string name;
    bool lengthy = false;  // only a limited number of these run at a time
  };

  explicit fair_queue(queue_limits limits = {}) : limits_(limits) {}

  // Adds the entry to the line. Returns null when there was room. Otherwise returns the entry that lost its
  // place: this one, which was not added, or another one, whose name used more and which was removed.
  entry* join(entry& one);
  // Removes the entry from the line, if it is there.
  void leave(entry& one);
  // Removes the next entry from the line and begins its turn; null when no turn can begin. Without
  // `lengthy_too`, lengthy entries are passed over.
  entry* next(bool lengthy_too);
  // Ends a turn of this name, which took the time `used`.
  void end(const std::string& name, std::chrono::nanoseconds used);

  std::size_t waiting() const { return line_.size(); }
  std::size_t names() const { return accounts_.size(); }

 private:
  struct account {
    double mark = 0;  // in seconds
    std::size_t running = 0;
    std::size_t waiting = 0;
  };

  account& account_of(const std::string& name);
  // The entry with the least weight is next. In a full line, the name with the most weight_in_line loses a
  // place.
  double weight(const entry& one) const;
  double weight_in_line(const account& one) const;
  entry* heaviest() const;
  void take_out(entry& one);
  void forget_some();

  queue_limits limits_;
  double reached_ = 0;        // the highest mark of those that were next
  std::vector<entry*> line_;  // in the order they came
  std::unordered_map<std::string, account> accounts_;
};

struct lane_limits {
  unsigned places = 2;
  unsigned lengthy = 1;  // how many of the places lengthy turns may use
  // The longest wait for a place.
  std::chrono::milliseconds wait{2'000};
  queue_limits line = {};
};

// What a lane does now, and how many callers it has refused so far.
struct lane_use {
  std::size_t running = 0;
  std::size_t waiting = 0;
  std::uint64_t refused = 0;  // there was no room in the line
  std::uint64_t late = 0;     // waited too long
  std::uint64_t left = 0;     // the client had left
};

class fair_lane {
 public:
  explicit fair_lane(lane_limits limits);
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

    // True when the caller has left, or the lane was stopped: the work should end. May be called from any
    // thread.
    bool is_given_up() const;
    // The error to return in that case. Only when is_given_up().
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

  // Waits for a place. May be called on any event loop. Errors: unavailable with a retry_after (the line is
  // full, the wait was too long, or the lane was stopped), timed_out (the caller has left).
  awaitable<result<turn>> enter(caller who, bool lengthy = false);

  // Refuses the callers that wait and all later ones, and marks the running turns as given up. May be called
  // from any thread.
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
