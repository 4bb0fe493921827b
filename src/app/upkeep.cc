#include "app/upkeep.h"

#include <malloc.h>

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "base/log_file.h"

namespace dossier::app {
namespace {

using namespace std::chrono_literals;

// A burst is over when so much less is going on. The allocator keeps what it freed in the middle of its heap
// until it is told to look for it.
constexpr unsigned worth_a_look = 64;
constexpr auto set_back = 1s;

}  // namespace

void upkeep::run(unsigned connections) {
  give_memory_back(connections);
  tell_of_lost_lines();
  watch_clock();
}

void upkeep::give_memory_back(unsigned connections) {
  most_connections_ = std::max(most_connections_, connections);
  if (most_connections_ < worth_a_look || connections > most_connections_ / 2) return;
  most_connections_ = connections;
  ::malloc_trim(0);
}

void upkeep::tell_of_lost_lines() {
  const auto lost = base::lost_log_lines();
  if (lost == told_lines_) return;
  base::log_warning("log lines were lost, because they could not be written as fast as they came",
                    {{"lines", lost - std::exchange(told_lines_, lost)}});
}

void upkeep::watch_clock() {
  const std::chrono::nanoseconds offset = std::chrono::system_clock::now().time_since_epoch() -
                                          std::chrono::steady_clock::now().time_since_epoch();
  const auto before = std::exchange(clock_offset_, offset);
  if (before == 0ns || before - offset < set_back) return;
  base::log_warning("the clock was set back; what is due keeps the time that has passed",
                    {{"seconds", std::chrono::duration<double>(before - offset).count()}});
}

}  // namespace dossier::app
