// The values that /metrics shows: requests by route, bytes, connections, store calls, tasks owed, the
// process.
// Observing is cheap and safe from any thread: a series is made once and then found by its labels.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/fair_lane.h"
#include "base/observer.h"
#include "domain/records.h"
#include "http/message.h"
#include "stores/opened.h"

namespace dossier::app {

// A request's method as a label for metrics and logs: one of these few, whatever clients send.
inline constexpr std::array<std::string_view, 8> method_labels = {"GET",    "HEAD", "POST",    "PATCH",
                                                                  "DELETE", "PUT",  "OPTIONS", "other"};

constexpr std::size_t method_index(std::string_view method) {
  std::size_t i = 0;
  while (i + 1 < method_labels.size() && method_labels[i] != method) ++i;
  return i;
}

constexpr std::string_view method_label(std::string_view method) {
  return method_labels[method_index(method)];
}

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
  // How late an event loop ran a timer.
  void observe_lag(std::chrono::nanoseconds late);

  // Values that are read only when /metrics is asked for.
  struct snapshot {
    unsigned connections = 0;
    std::uint64_t upload_memory = 0;
    std::uint64_t upload_memory_limit = 0;
    std::uint64_t lost_log_lines = 0;
    std::optional<domain::task_statistics> tasks;  // empty: the records store did not answer
    std::optional<stores::staging_use> staging;    // empty: files are not staged on their way to the store
    base::lane_use reads = {};
  };
  // Prometheus text format.
  std::string render(const snapshot& now);

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace dossier::app
