#include "app/background.h"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <exception>
#include <utility>

#include <malloc.h>
#include <unistd.h>
#include <boost/asio/co_spawn.hpp>

#include "base/expects.h"
#include "base/log.h"

namespace dossier::app {

struct background::outcome {
  std::promise<void> ended;
  std::atomic<bool> failed = false;
};

namespace {

void log_thrown(std::string_view name, const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& problem) {
    base::log_error("background work failed", {{"work", name}, {"what", problem.what()}});
  } catch (...) {
    base::log_error("background work failed", {{"work", name}});
  }
}

}  // namespace

background::background(asio::any_io_executor on, awaitable<void> work, std::string_view name)
    : outcome_(std::make_shared<outcome>()), ended_(outcome_->ended.get_future()) {
  base::expects(on && work.valid(), "background work has a loop, and is not running yet");
  asio::co_spawn(on, std::move(work), [state = outcome_, name](std::exception_ptr thrown) {
    if (thrown) {
      log_thrown(name, thrown);
      state->failed = true;
      kill(getpid(), SIGTERM);
    }
    state->ended.set_value();
  });
}

bool background::wait(std::chrono::milliseconds limit) {
  return ended_.wait_for(limit) == std::future_status::ready;
}

bool background::failed() const {
  return outcome_->failed;
}

namespace {

using namespace std::chrono_literals;

// A burst has at least this many connections, and is over when half of them have ended. The allocator keeps
// memory that was freed in the middle of its heap until malloc_trim() is called.
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
  base::log_warning("the clock was set back; what is due still comes due on time",
                    {{"seconds", std::chrono::duration<double>(before - offset).count()}});
}

}  // namespace dossier::app
