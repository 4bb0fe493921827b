#include "app/background.h"

#include <unistd.h>

#include <atomic>
#include <csignal>
#include <exception>

#include <boost/asio/co_spawn.hpp>

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

}  // namespace dossier::app
