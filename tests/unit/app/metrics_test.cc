#include "app/metrics.h"

#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dossier::app {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

http::exchange exchange(std::string_view method, std::string_view route, unsigned status) {
  http::exchange done;
  done.method = method;
  done.route = route;
  done.status = status;
  done.took = 3ms;
  done.bytes_in = 100;
  done.bytes_out = 2000;
  return done;
}

TEST(metrics, count_requests_by_route_method_and_status_class) {
  metrics watched("1.2.3");
  watched.observe(exchange("GET", "/people/{id}", 200));
  watched.observe(exchange("GET", "/people/{id}", 304));
  watched.observe(exchange("GET", "/people/{id}", 301));
  const auto text = watched.render({});
  EXPECT_THAT(text,
              HasSubstr("dossier_http_request_duration_seconds_count{method=\"GET\",route=\"/people/{id}\","
                        "status=\"2xx\"} 1"));
  EXPECT_THAT(text,
              HasSubstr("dossier_http_request_duration_seconds_count{method=\"GET\",route=\"/people/{id}\","
                        "status=\"3xx\"} 2"));
  EXPECT_THAT(text, HasSubstr("dossier_http_request_body_bytes_total{route=\"/people/{id}\"} 300"));
  EXPECT_THAT(text, HasSubstr("dossier_http_response_body_bytes_total{route=\"/people/{id}\"} 6000"));
}

TEST(metrics, do_not_let_clients_invent_methods) {
  metrics watched("1");
  watched.observe(exchange("BREW", "other", 405));
  const auto text = watched.render({});
  EXPECT_THAT(text, Not(HasSubstr("BREW")));
  EXPECT_THAT(text, HasSubstr("method=\"other\""));
}

TEST(metrics, count_store_calls_and_their_failures) {
  metrics watched("1");
  const auto observer = watched.call_observer();
  observer("records", "write", 2ms, true);
  observer("records", "write", 2ms, false);
  const auto text = watched.render({});
  EXPECT_THAT(
      text, HasSubstr("dossier_store_call_duration_seconds_count{operation=\"write\",store=\"records\"} 2"));
  EXPECT_THAT(text, HasSubstr("dossier_store_call_failures_total{operation=\"write\",store=\"records\"} 1"));
}

TEST(metrics, tell_tasks_connections_and_the_process) {
  metrics watched("9.8.7");
  domain::task_statistics tasks;
  tasks.reap = 1;
  tasks.index = 2;
  tasks.erase = 3;
  tasks.failing = 4;
  tasks.oldest_overdue = 1500ms;
  const auto text = watched.render({.connections = 7, .tasks = tasks});
  EXPECT_THAT(text, HasSubstr("dossier_tasks_owed{kind=\"reap\"} 1"));
  EXPECT_THAT(text, HasSubstr("dossier_tasks_owed{kind=\"index\"} 2"));
  EXPECT_THAT(text, HasSubstr("dossier_tasks_owed{kind=\"erase\"} 3"));
  EXPECT_THAT(text, HasSubstr("dossier_tasks_failing 4"));
  EXPECT_THAT(text, HasSubstr("dossier_tasks_oldest_overdue_seconds 1.5"));
  EXPECT_THAT(text, HasSubstr("dossier_tasks_known 1"));
  EXPECT_THAT(text, HasSubstr("dossier_http_connections 7"));
  EXPECT_THAT(text, HasSubstr("dossier_build_info{version=\"9.8.7\"} 1"));
  EXPECT_THAT(text, ::testing::ContainsRegex("process_resident_memory_bytes [1-9]"));
  EXPECT_THAT(text, ::testing::ContainsRegex("process_start_time_seconds [1-9]"));
}

TEST(metrics, say_when_the_tasks_are_not_known) {
  metrics watched("1");
  EXPECT_THAT(watched.render({}), HasSubstr("dossier_tasks_known 0"));
}

TEST(metrics, tell_of_staged_uploads_where_there_are_any) {
  metrics watched("1");
  EXPECT_THAT(watched.render({}), Not(HasSubstr("dossier_staging")));
  const stores::staging_use most{.bytes = 100, .limit = 1'000, .waiting = 3};
  const auto text = watched.render({.staging = most});
  EXPECT_THAT(text, HasSubstr("\ndossier_staging_bytes 100\n"));
  EXPECT_THAT(text, HasSubstr("\ndossier_staging_limit_bytes 1000\n"));
  EXPECT_THAT(text, HasSubstr("\ndossier_staging_waiting 3\n"));
}

TEST(metrics, tell_of_long_reads_and_of_late_loops) {
  metrics watched("1");
  watched.observe_lag(3ms);
  const base::lane_use now{.running = 2, .waiting = 5, .refused = 1, .late = 3, .left = 7};
  watched.render({.reads = now});
  const auto text = watched.render({.reads = now});
  EXPECT_THAT(text, HasSubstr("\ndossier_reads_running 2\n"));
  EXPECT_THAT(text, HasSubstr("\ndossier_reads_waiting 5\n"));
  EXPECT_THAT(text, HasSubstr("\ndossier_reads_dropped_total{reason=\"full\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("\ndossier_reads_dropped_total{reason=\"late\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("\ndossier_reads_dropped_total{reason=\"left\"} 7\n"));
  EXPECT_THAT(text, HasSubstr("\ndossier_loop_lag_seconds_bucket{le=\"0.005\"} 1\n"));
}

TEST(metrics, lose_nothing_when_several_threads_observe_new_series) {
  metrics watched("1");
  const auto work = [&] {
    for (int i = 0; i < 200; ++i) {
      watched.observe(exchange("GET", "/", 200));
      watched.observe_call("objects", "put", 1ms, true);
    }
  };
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) threads.emplace_back(work);
  }
  const auto text = watched.render({});
  EXPECT_THAT(text, HasSubstr("_count{method=\"GET\",route=\"/\",status=\"2xx\"} 800"));
  EXPECT_THAT(
      text, HasSubstr("dossier_store_call_duration_seconds_count{operation=\"put\",store=\"objects\"} 800"));
}

}  // namespace
}  // namespace dossier::app
