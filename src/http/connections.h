// Counts the open connections of all event loops, and turns away those for which there is no room.
// tcp_server::drain() (server.cc) waits until the count is 0.
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

// Counts one connection, in the total and in the load of its loop, from the moment when it is accepted until
// it is completely destroyed, even after an exception.
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

// These answer connections for which there is no room and close them at once, without a session. That works
// even when the process has no file descriptor left with which to accept them.

// Sends a 503 with Retry-After, as much of it as the socket takes without waiting, and ends the sending side.
// The caller closes the socket.
void turn_away_at_once(int socket);

// Keeps a file descriptor for the moment when no other is left. Then it is closed, waiting connections are
// accepted in its place and turned away, and it is opened again. Otherwise such connections would wait until
// another one ends.
class spare_descriptor {
 public:
  spare_descriptor();
  ~spare_descriptor();
  spare_descriptor(const spare_descriptor&) = delete;
  spare_descriptor& operator=(const spare_descriptor&) = delete;

  // Turns away the connections that wait at this listening socket, `most` at most, and returns how many there
  // were. `plain`: they are sent the 503; otherwise (TLS) they are closed without an answer.
  int turn_away_waiting(int listening, bool plain, int most);

 private:
  int file_;
};

}  // namespace dossier::http
