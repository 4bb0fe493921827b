// A coroutine that runs beside the requests (worker, lease keeper) as long as the process serves, and whose
// end can be waited for. One that throws has a bug: that is logged, and the process ends as if told to.
#pragma once

#include <chrono>
#include <future>
#include <memory>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>

#include "base/async.h"

namespace dossier::app {

class background {
 public:
  // `name` lives as long as the process.
  background(asio::any_io_executor on, awaitable<void> work, std::string_view name);

  // False when it is still running after this long. From a thread that is none of the executor's.
  bool wait(std::chrono::milliseconds limit);
  bool failed() const;

 private:
  struct outcome;
  std::shared_ptr<outcome> outcome_;
  std::future<void> ended_;
};

}  // namespace dossier::app
