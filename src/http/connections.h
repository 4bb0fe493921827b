// Counts the open connections of all loops; tcp_server::drain() waits here until there are none.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "base/expects.h"

namespace dossier::http {

class connection_count {
 public:
  unsigned now() const { return count_.load(std::memory_order_relaxed); }
  unsigned enter() { return count_.fetch_add(1, std::memory_order_relaxed) + 1; }
  void leave() {
    const unsigned before = count_.fetch_sub(1, std::memory_order_acq_rel);
    base::expects(before > 0, "no more connections leave than came");
    if (before != 1) return;
    const std::lock_guard lock(mutex_);
    none_.notify_all();
  }
  bool wait_for_none(std::chrono::milliseconds limit) {
    std::unique_lock lock(mutex_);
    return none_.wait_for(lock, limit, [&] { return count_.load(std::memory_order_acquire) == 0; });
  }

 private:
  std::atomic<unsigned> count_ = 0;
  std::mutex mutex_;
  std::condition_variable none_;
};

// Counts one connection, among all and in the load of its loop, from the moment it is accepted until all of
// it is destroyed, whatever is thrown in between.
class counted_place {
 public:
  counted_place(connection_count& all, std::atomic<unsigned>& load)
      : all_(&all), load_(load), number_(all.enter()) {
    load_.fetch_add(1, std::memory_order_relaxed);
  }
  counted_place(counted_place&& other) noexcept
      : all_(std::exchange(other.all_, nullptr)), load_(other.load_), number_(other.number_) {}
  counted_place& operator=(counted_place&&) = delete;
  ~counted_place() {
    if (!all_) return;
    load_.fetch_sub(1, std::memory_order_relaxed);
    all_->leave();
  }

  // How many connections there were when this one was counted, itself included.
  unsigned number() const { return number_; }

 private:
  connection_count* all_;
  std::atomic<unsigned>& load_;
  unsigned number_;
};

// Connections that there is no room for are told so at once and closed, without a session, even when the
// process has no descriptor left to accept them with.

// Sends a 503 with Retry-After, as far as the socket takes it without waiting, and ends our sending side.
void turn_away_at_once(int socket);

// A descriptor that is kept for the moment when no other is left. Then it is closed, a waiting connection
// is accepted in its place and turned away, and the descriptor is opened again. Without it such a
// connection would hang until another one ends.
class spare_descriptor {
 public:
  spare_descriptor();
  ~spare_descriptor();
  spare_descriptor(const spare_descriptor&) = delete;
  spare_descriptor& operator=(const spare_descriptor&) = delete;

  // Turns away the connections that wait at this listening socket, at most `most`. `plain`: they are sent
  // the 503; over TLS they are closed without a word. Returns how many there were.
  int turn_away_waiting(int listening, bool plain, int most);

 private:
  int file_;
};

}  // namespace dossier::http
