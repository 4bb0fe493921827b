// The open connections of all loops, counted; who drains waits here.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

namespace dossier::http {

class connection_count {
 public:
  unsigned now() const { return count_.load(std::memory_order_relaxed); }
  unsigned enter() { return count_.fetch_add(1, std::memory_order_relaxed) + 1; }
  void leave() {
    if (count_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
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

// One place among them, and in the load of a loop, from the moment a connection is accepted until all of it
// is gone, whatever is thrown in between.
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

  // How many there were when it was taken, with this one.
  unsigned number() const { return number_; }

 private:
  connection_count* all_;
  std::atomic<unsigned>& load_;
  unsigned number_;
};

}  // namespace dossier::http
