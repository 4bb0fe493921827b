// Who is next for something scarce. Each waits under a name, as a client's address, and all names that wait
// get as much of it: the next is one whose name used least since it began to compete. Who asks seldom, or for
// little, so passes those who ask without end, however many they are. What was used while nobody else wanted
// it is not held against anybody.
//
// Each name has a mark of what it used, and there is a mark of how far all have come: that of whoever was
// next last. A name that comes anew begins a little behind that one, so that ever new names do not pass the
// others.
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
  std::size_t waiting = 128;
  std::size_t waiting_each = 64;  // under one name
  std::size_t names = 1'024;      // that are remembered while they do nothing
};

class fair_queue {
 public:
  // Whoever waits. It stays where it is until it is out of the line.
  struct entry {
    std::string name;
    bool lengthy = false;  // of those only some may be on at a time
  };

  explicit fair_queue(queue_limits limits = {}) : limits_(limits) {}

  // Puts it into the line. Answers for whom there is no room: null; or this one; or another one, whose name
  // used more and who is out of the line now.
  entry* join(entry& one);
  // Out of the line; nothing happens to one that is not in it.
  void leave(entry& one);
  // The next one, out of the line, whose turn begins; null when there is none.
  entry* next(bool lengthy_too);
  // Ends a turn that used so much.
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
  // How much stands against its being next; against its keeping its place.
  double weight(const entry& one) const;
  double weight_in_line(const account& one) const;
  entry* heaviest() const;
  void take_out(entry& one);
  void forget_some();

  queue_limits limits_;
  double reached_ = 0;        // the mark of who was next last
  std::vector<entry*> line_;  // in the order they came
  std::unordered_map<std::string, account> accounts_;
};

}  // namespace dossier::base
