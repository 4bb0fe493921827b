#include "app/metrics.h"

#include <array>
#include <atomic>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include "app/process_facts.h"
#include "base/expects.h"
#include "base/log.h"

namespace dossier::app {
namespace {

using prometheus::BuildCounter, prometheus::BuildGauge, prometheus::BuildHistogram;
using prometheus::Counter, prometheus::Gauge, prometheus::Histogram;

const Histogram::BucketBoundaries request_buckets = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                                     0.25,   0.5,   1,      2.5,   5,    10,    30,   60};
const Histogram::BucketBoundaries call_buckets = {
    0.00001, 0.00005, 0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30};

const Histogram::BucketBoundaries lag_buckets = {0.0005, 0.001, 0.0025, 0.005, 0.01,
                                                 0.025,  0.05,  0.1,    0.25,  1};

constexpr std::array<std::string_view, 6> status_labels = {"none", "1xx", "2xx", "3xx", "4xx", "5xx"};

// The series of one route; those of a method and status are made when they first occur.
struct route_series {
  std::array<std::array<std::atomic<Histogram*>, status_labels.size()>, method_labels.size()> durations{};
  Counter* bytes_in = nullptr;
  Counter* bytes_out = nullptr;
};

struct call_series {
  Histogram* took = nullptr;
  Counter* failures = nullptr;
};

struct call_name {
  std::string store;
  std::string operation;
};

struct call_view {
  std::string_view store;
  std::string_view operation;
};

struct call_hash {
  using is_transparent = void;
  static std::size_t of(std::string_view store, std::string_view operation) {
    return std::hash<std::string_view>{}(store) * 31 + std::hash<std::string_view>{}(operation);
  }
  std::size_t operator()(const call_name& name) const { return of(name.store, name.operation); }
  std::size_t operator()(const call_view& name) const { return of(name.store, name.operation); }
};

struct call_equal {
  using is_transparent = void;
  bool operator()(const auto& a, const auto& b) const {
    return a.store == b.store && a.operation == b.operation;
  }
};

struct text_hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

double seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

void raise_to(Counter& counter, double total) {
  if (const double more = total - counter.Value(); more > 0) counter.Increment(more);
}

}  // namespace

struct metrics::state {
  prometheus::Registry registry;
  prometheus::Family<Histogram>& request_seconds =
      BuildHistogram()
          .Name("dossier_http_request_duration_seconds")
          .Help(
              "From the first byte of a request to the last of its answer, by route, method and status class")
          .Register(registry);
  prometheus::Family<Counter>& request_bytes = BuildCounter()
                                                   .Name("dossier_http_request_body_bytes_total")
                                                   .Help("Bytes of request bodies that were read")
                                                   .Register(registry);
  prometheus::Family<Counter>& response_bytes = BuildCounter()
                                                    .Name("dossier_http_response_body_bytes_total")
                                                    .Help("Bytes of response bodies that were sent")
                                                    .Register(registry);
  prometheus::Family<Histogram>& call_seconds = BuildHistogram()
                                                    .Name("dossier_store_call_duration_seconds")
                                                    .Help("Calls to the three stores")
                                                    .Register(registry);
  prometheus::Family<Counter>& call_failures = BuildCounter()
                                                   .Name("dossier_store_call_failures_total")
                                                   .Help("Calls to the three stores that failed")
                                                   .Register(registry);
  prometheus::Family<Gauge>& tasks_owed =
      BuildGauge().Name("dossier_tasks_owed").Help("Tasks owed for files, by kind").Register(registry);

  Gauge& owed_reap = tasks_owed.Add({{"kind", "reap"}});
  Gauge& owed_index = tasks_owed.Add({{"kind", "index"}});
  Gauge& owed_erase = tasks_owed.Add({{"kind", "erase"}});
  Gauge& failing = gauge("dossier_tasks_failing", "Tasks that failed at least once");
  Gauge& overdue = gauge("dossier_tasks_oldest_overdue_seconds", "How long the oldest due task has been due");
  Gauge& tasks_known = gauge("dossier_tasks_known", "1 when the records store told of its tasks, else 0");
  Gauge& connections = gauge("dossier_http_connections", "Open connections");
  Gauge& upload_memory =
      gauge("dossier_upload_memory_bytes", "Memory that the bytes of uploads on their way take");
  Gauge& upload_memory_limit =
      gauge("dossier_upload_memory_limit_bytes", "Memory that the bytes of all uploads may take together");
  Counter& lost_log_lines = BuildCounter()
                                .Name("dossier_log_lines_lost_total")
                                .Help("Lines of the log that could not be written as fast as they came")
                                .Register(registry)
                                .Add({});
  Gauge& start_time = gauge("process_start_time_seconds", "When the process started, in seconds since 1970");
  Gauge& resident = gauge("process_resident_memory_bytes", "Memory in use");
  Gauge& descriptors = gauge("process_open_fds", "Open file descriptors");
  Gauge& threads = gauge("process_threads", "Threads");
  Counter& cpu = BuildCounter()
                     .Name("process_cpu_seconds_total")
                     .Help("Processor time used, user and system")
                     .Register(registry)
                     .Add({});

  Histogram& lag = BuildHistogram()
                       .Name("dossier_loop_lag_seconds")
                       .Help("How late an event loop came to a timer, looked at now and then")
                       .Register(registry)
                       .Add({}, lag_buckets);
  Gauge& reads_running = gauge("dossier_reads_running", "Long reads of the records that run");
  Gauge& reads_waiting = gauge("dossier_reads_waiting", "Long reads that wait for their turn");
  prometheus::Family<Counter>& reads_dropped =
      BuildCounter()
          .Name("dossier_reads_dropped_total")
          .Help("Long reads that were not answered: the line was full, they waited too long, the client left")
          .Register(registry);
  Counter& reads_refused = reads_dropped.Add({{"reason", "full"}});
  Counter& reads_late = reads_dropped.Add({{"reason", "late"}});
  Counter& reads_left = reads_dropped.Add({{"reason", "left"}});

  prometheus::Family<Counter>& security =
      BuildCounter()
          .Name("dossier_security_events_total")
          .Help("Sign-ins, refusals and changes of accounts, by kind; each is a line of the log too")
          .Register(registry);

  std::shared_mutex mutex;
  std::unordered_map<std::string, std::unique_ptr<route_series>, text_hash, std::equal_to<>> routes;
  std::unordered_map<call_name, call_series, call_hash, call_equal> calls;

  // Only some deployments have these: there is no series until there is a value.
  prometheus::Family<Gauge>& staging_bytes =
      family("dossier_staging_bytes", "Disk that parts of uploads on their way to S3 take");
  prometheus::Family<Gauge>& staging_limit =
      family("dossier_staging_limit_bytes", "Disk that parts of all uploads may take together");
  prometheus::Family<Gauge>& staging_waiting =
      family("dossier_staging_waiting", "Parts that wait for room on the disk");

  prometheus::Family<Gauge>& family(const char* name, const char* help) {
    return BuildGauge().Name(name).Help(help).Register(registry);
  }
  Gauge& gauge(const char* name, const char* help) { return family(name, help).Add({}); }

  route_series& series_of(std::string_view route) {
    {
      const std::shared_lock lock(mutex);
      if (const auto found = routes.find(route); found != routes.end()) return *found->second;
    }
    const std::unique_lock lock(mutex);
    auto& series = routes[std::string(route)];
    if (!series) {
      series = std::make_unique<route_series>();
      series->bytes_in = &request_bytes.Add({{"route", std::string(route)}});
      series->bytes_out = &response_bytes.Add({{"route", std::string(route)}});
    }
    return *series;
  }

  Histogram& duration_of(route_series& series, std::string_view route, std::size_t method,
                         std::size_t status) {
    base::expects(method < method_labels.size() && status < status_labels.size(), "the labels are known");
    auto& slot = series.durations[method][status];
    if (auto* known = slot.load(std::memory_order_acquire)) return *known;
    // Adding the same labels twice returns the same series, so two threads may both get here.
    auto& made = request_seconds.Add({{"route", std::string(route)},
                                      {"method", std::string(method_labels[method])},
                                      {"status", std::string(status_labels[status])}},
                                     request_buckets);
    slot.store(&made, std::memory_order_release);
    return made;
  }

  call_series series_of(std::string_view store, std::string_view operation) {
    {
      const std::shared_lock lock(mutex);
      if (const auto found = calls.find(call_view{store, operation}); found != calls.end())
        return found->second;
    }
    const std::unique_lock lock(mutex);
    auto& series = calls[call_name{std::string(store), std::string(operation)}];
    if (!series.took) {
      const prometheus::Labels labels = {{"store", std::string(store)},
                                         {"operation", std::string(operation)}};
      series.took = &call_seconds.Add(labels, call_buckets);
      series.failures = &call_failures.Add(labels);
    }
    return series;
  }
};

metrics::metrics(std::string_view version) : state_(std::make_unique<state>()) {
  BuildGauge()
      .Name("dossier_build_info")
      .Help("1, with the version as a label")
      .Register(state_->registry)
      .Add({{"version", std::string(version)}})
      .Set(1);
  state_->start_time.Set(process_start_time());
}

metrics::~metrics() = default;

void metrics::observe(const http::exchange& done) {
  auto& series = state_->series_of(done.route);
  const std::size_t status = done.status >= 100 && done.status < 600 ? done.status / 100 : 0;
  state_->duration_of(series, done.route, method_index(done.method), status).Observe(seconds(done.took));
  if (done.bytes_in > 0) series.bytes_in->Increment(static_cast<double>(done.bytes_in));
  if (done.bytes_out > 0) series.bytes_out->Increment(static_cast<double>(done.bytes_out));
}

void metrics::observe_call(std::string_view store, std::string_view operation, std::chrono::nanoseconds took,
                           bool worked) {
  const auto series = state_->series_of(store, operation);
  series.took->Observe(seconds(took));
  if (!worked) series.failures->Increment();
}

base::call_observer metrics::call_observer() {
  return
      [this](std::string_view store, std::string_view operation, std::chrono::nanoseconds took, bool worked) {
        observe_call(store, operation, took, worked);
      };
}

void metrics::observe_lag(std::chrono::nanoseconds late) {
  state_->lag.Observe(seconds(late));
}

std::string metrics::render(const snapshot& now) {
  auto& s = *state_;
  s.connections.Set(now.connections);
  s.upload_memory.Set(static_cast<double>(now.upload_memory));
  s.upload_memory_limit.Set(static_cast<double>(now.upload_memory_limit));
  for (int i = 0; i < base::security_events; ++i) {
    const auto what = static_cast<base::security_event>(i);
    raise_to(s.security.Add({{"event", std::string(to_string(what))}}),
             static_cast<double>(base::security_event_count(what)));
  }
  if (const double more = static_cast<double>(now.lost_log_lines) - s.lost_log_lines.Value(); more > 0)
    s.lost_log_lines.Increment(more);
  s.tasks_known.Set(now.tasks ? 1 : 0);
  if (now.tasks) {
    s.owed_reap.Set(static_cast<double>(now.tasks->reap));
    s.owed_index.Set(static_cast<double>(now.tasks->index));
    s.owed_erase.Set(static_cast<double>(now.tasks->erase));
    s.failing.Set(static_cast<double>(now.tasks->failing));
    s.overdue.Set(seconds(now.tasks->oldest_overdue));
  }
  if (now.staging) {
    s.staging_bytes.Add({}).Set(static_cast<double>(now.staging->bytes));
    s.staging_limit.Add({}).Set(static_cast<double>(now.staging->limit));
    s.staging_waiting.Add({}).Set(static_cast<double>(now.staging->waiting));
  }
  s.reads_running.Set(static_cast<double>(now.reads.running));
  s.reads_waiting.Set(static_cast<double>(now.reads.waiting));
  raise_to(s.reads_refused, static_cast<double>(now.reads.refused));
  raise_to(s.reads_late, static_cast<double>(now.reads.late));
  raise_to(s.reads_left, static_cast<double>(now.reads.left));
  const auto facts = read_process_facts();
  s.resident.Set(static_cast<double>(facts.resident_bytes));
  s.descriptors.Set(facts.descriptors);
  s.threads.Set(facts.threads);
  raise_to(s.cpu, facts.cpu_seconds);
  return prometheus::TextSerializer().Serialize(s.registry.Collect());
}

}  // namespace dossier::app
