// What a serving process does for itself now and then, on its main thread.
#pragma once

#include <chrono>
#include <cstdint>

namespace dossier::app {

class upkeep {
 public:
  static constexpr std::chrono::milliseconds every{2'000};

  // Each time: memory that a burst of connections has left goes back to the system; lines that the log lost
  // are told of; so is a clock that was set back.
  void run(unsigned connections);

 private:
  void give_memory_back(unsigned connections);
  void tell_of_lost_lines();
  void watch_clock();

  unsigned most_connections_ = 0;  // since memory was last given back
  std::uint64_t told_lines_ = 0;
  std::chrono::nanoseconds clock_offset_{};  // wall clock less steady clock, at the last look
};

}  // namespace dossier::app
