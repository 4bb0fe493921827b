// A coroutine that runs beside the requests (worker, lease keeper) as long as the process serves, and whose
// end can be waited for. If it throws, that is a bug: it is logged, and the process sends itself SIGTERM.
#pragma once

#include <chrono>
#include <cstdint>
#include <future>
#include <memory>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>

#include "base/async.h"

namespace dossier::app {

class background {
 public:
  // `name` must live as long as the process.
  background(asio::any_io_executor on, awaitable<void> work, std::string_view name);

  // Waits until it has ended; false if it still runs after this time. Never call it on a thread of the
  // executor.
  bool wait(std::chrono::milliseconds limit);
  bool failed() const;

 private:
  struct outcome;
  std::shared_ptr<outcome> outcome_;
  std::future<void> ended_;
};

// What a serving process does at intervals besides serving. Call run() on the main thread, once in each
// `every`.
class upkeep {
 public:
  static constexpr std::chrono::milliseconds every{2'000};

  // Gives memory back to the system after a burst of connections, and logs when log lines were lost and
  // when the clock was set back.
  void run(unsigned connections);

 private:
  void give_memory_back(unsigned connections);
  void tell_of_lost_lines();
  void watch_clock();

  unsigned most_connections_ = 0;  // since memory was last given back
  std::uint64_t told_lines_ = 0;
  std::chrono::nanoseconds clock_offset_{};  // wall clock minus steady clock, at the last look
};

}  // namespace dossier::app
