// What /metrics tells: requests by route, bytes, connections, store calls, tasks owed, the process. Observing
// is cheap and safe from any thread: series are found by their label's address, and made once.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/fair_lane.h"
#include "base/observer.h"
#include "domain/task.h"
#include "http/message.h"
#include "stores/staging_use.h"

namespace dossier::app {

class metrics {
 public:
  explicit metrics(std::string_view version);
  ~metrics();
  metrics(const metrics&) = delete;
  metrics& operator=(const metrics&) = delete;

  void observe(const http::exchange& done);
  void observe_call(std::string_view store, std::string_view operation, std::chrono::nanoseconds took,
                    bool worked);
  base::call_observer call_observer();
  // How late an event loop came to a timer.
  void observe_lag(std::chrono::nanoseconds late);

  // What is only read when somebody asks.
  struct snapshot {
    unsigned connections = 0;
    std::uint64_t upload_memory = 0;
    std::uint64_t upload_memory_limit = 0;
    std::uint64_t lost_log_lines = 0;
    std::optional<domain::task_statistics> tasks;  // nothing: the records store did not answer
    std::optional<stores::staging_use> staging;  // nothing: nothing is staged on the way to the files' store
    base::lane_use reads = {};
  };
  // Prometheus text format.
  std::string render(const snapshot& now);

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace dossier::app
