// Who is next for something scarce. Each waits under a name, as a client's address; the next is one whose
// name has used least of late, so that who asks seldom passes those who ask without end, however many they
// are. What was used is half forgotten after a while.
//
// Nothing here waits or looks at a clock; for that: fair_lane.h.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

namespace dossier::base {

struct queue_limits {
  std::size_t waiting = 64;
  std::size_t waiting_each = 32;  // under one name
  std::chrono::milliseconds half_life{10'000};
  std::size_t names = 1'024;  // that are remembered while they do nothing
};

class fair_queue {
 public:
  using time = std::chrono::steady_clock::time_point;

  // Whoever waits. It stays where it is until it is out of the line.
  struct entry {
    std::string name;
    bool lengthy = false;  // of those only some may be on at a time
  };

  explicit fair_queue(queue_limits limits = {}) : limits_(limits) {}

  // Puts it into the line. Answers for whom there is no room: null; or this one; or another one, whose name
  // used more and who is out of the line now.
  entry* join(entry& one, time now);
  // Out of the line; nothing happens to one that is not in it.
  void leave(entry& one);
  // The next one, out of the line, whose turn begins; null when there is none.
  entry* next(bool lengthy_too, time now);
  // Ends a turn that used so much.
  void end(const std::string& name, std::chrono::nanoseconds used, time now);

  std::size_t waiting() const { return line_.size(); }
  // What this name has used of late.
  std::chrono::nanoseconds used(const std::string& name, time now) const;
  std::size_t names() const { return accounts_.size(); }

 private:
  struct account {
    double seconds = 0;  // as of `at`
    time at;
    std::size_t running = 0;
    std::size_t waiting = 0;
  };

  double seconds_of(const account& one, time now) const;
  account& account_of(const std::string& name);
  // How much stands against its being next; against its keeping its place.
  double weight(const entry& one, time now) const;
  double weight_in_line(const account& one, time now) const;
  entry* heaviest(time now) const;
  void take_out(entry& one);
  void forget_some(time now);

  queue_limits limits_;
  std::vector<entry*> line_;  // in the order they came
  std::unordered_map<std::string, account> accounts_;
};

}  // namespace dossier::base
