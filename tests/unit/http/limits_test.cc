// Time limits, the connection limit, draining and stopping.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <thread>

#include "loopback.h"

namespace dossier::http {
namespace {

using namespace std::chrono_literals;

// The limit that a test waits for is short, the others are long.
server_limits limits_with(milliseconds server_limits::* short_one, milliseconds value = 150ms) {
  server_limits limits{.header_time = 30s, .idle_time = 30s, .stall_time = 30s};
  limits.*short_one = value;
  return limits;
}

TEST(time_limits, a_late_header_is_answered_408) {
  test_server server(limits_with(&server_limits::header_time));
  raw_client client(server.port());
  client.send("GET /hello HTTP/1.1\r\nHo");
  EXPECT_EQ(client.receive().status, 408);
  EXPECT_TRUE(client.closed());
}

TEST(time_limits, a_dripping_header_does_not_gain_time) {
  test_server server(limits_with(&server_limits::header_time, 300ms));
  raw_client client(server.port());
  client.send("GET /hello HTTP/1.1\r\n");
  std::jthread dripping([&](std::stop_token stop) {
    while (!stop.stop_requested() && client.send("X: y\r\n")) std::this_thread::sleep_for(20ms);
  });
  EXPECT_EQ(client.receive().status, 408);
}

TEST(time_limits, a_silent_connection_is_closed) {
  test_server server(limits_with(&server_limits::header_time));
  raw_client client(server.port());
  EXPECT_TRUE(client.closed());
}

TEST(time_limits, an_idle_connection_is_closed_without_an_answer) {
  test_server server(limits_with(&server_limits::idle_time));
  raw_client client(server.port());
  client.send(get("/hello"));
  EXPECT_EQ(client.receive().status, 200);
  EXPECT_TRUE(client.closed());
}

TEST(time_limits, a_stalled_body_times_out) {
  test_server server(limits_with(&server_limits::stall_time));
  raw_client client(server.port());
  client.send("POST /size HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nabc");
  EXPECT_EQ(client.receive().status, 408);
  EXPECT_TRUE(client.closed());
}

TEST(time_limits, a_dripping_body_times_out) {
  test_server server(limits_with(&server_limits::stall_time, 200ms));
  raw_client client(server.port());
  client.send("POST /size HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n");
  auto began = std::chrono::steady_clock::now();
  std::jthread dripping([&](std::stop_token stop) {
    while (!stop.stop_requested() && client.send("x")) std::this_thread::sleep_for(10ms);
  });
  EXPECT_EQ(client.receive().status, 408);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 5s);
}

TEST(time_limits, a_client_that_does_not_read_is_cut_and_others_are_served) {
  test_server server(limits_with(&server_limits::stall_time, 200ms));
  raw_client deaf(server.port(), 4096);
  deaf.send(get("/big"));
  raw_client other(server.port());
  other.send(get("/hello"));
  EXPECT_EQ(other.receive().status, 200);
  EXPECT_TRUE(eventually([&] { return (*server).connections() == 1; }));
  EXPECT_LT(deaf.receive_all().size(), 64U << 20);
}

TEST(time_limits, the_handlers_own_time_is_not_the_clients) {
  auto limits = limits_with(&server_limits::stall_time, 100ms);
  limits.header_time = limits.idle_time = 100ms;
  test_server server(limits);
  raw_client client(server.port());
  client.send(get("/wait"));
  ASSERT_TRUE(eventually([&] { return server.waiting() == 1; }));
  std::this_thread::sleep_for(300ms);
  server.release();
  EXPECT_EQ(client.receive().body, "waited");
}

TEST(connection_limit, answers_503_beyond_it_and_recovers) {
  server_limits limits;
  limits.connections = 2;
  test_server server(limits);
  auto first = std::make_unique<raw_client>(server.port());
  raw_client second(server.port());
  first->send(get("/hello"));
  second.send(get("/hello"));
  EXPECT_EQ(first->receive().status, 200);
  EXPECT_EQ(second.receive().status, 200);
  {
    raw_client third(server.port());
    third.send(get("/hello"));
    auto seen = third.receive();
    EXPECT_EQ(seen.status, 503);
    EXPECT_TRUE(seen.headers.contains("retry-after"));
    EXPECT_EQ(seen.headers["connection"], "close");
    EXPECT_TRUE(third.closed());
  }
  first.reset();
  ASSERT_TRUE(eventually([&] { return (*server).connections() == 1; }));
  raw_client fourth(server.port());
  fourth.send(get("/hello"));
  EXPECT_EQ(fourth.receive().status, 200);
}

TEST(connection_limit, answers_503_at_once_however_many_come) {
  server_limits limits;
  limits.connections = 1;
  test_server server(limits);
  raw_client first(server.port());
  first.send(get("/hello"));
  EXPECT_EQ(first.receive().status, 200);
  std::deque<raw_client> more;
  for (int i = 0; i < 400; ++i) more.emplace_back(server.port());
  for (auto& one : more) {
    auto seen = one.receive();
    ASSERT_EQ(seen.status, 503);
    ASSERT_TRUE(seen.whole);
    ASSERT_TRUE(seen.headers.contains("retry-after"));
  }
  first.send(get("/hello"));
  EXPECT_EQ(first.receive().status, 200);
}

TEST(drain, closes_idle_connections_and_accepts_no_more) {
  test_server server;
  raw_client idle(server.port()), fresh(server.port());
  idle.send(get("/hello"));
  idle.receive();
  EXPECT_TRUE((*server).drain(5s));
  EXPECT_TRUE(idle.closed());
  EXPECT_TRUE(fresh.closed());
  EXPECT_THROW(raw_client(server.port()), std::runtime_error);
}

TEST(drain, finishes_what_is_running) {
  test_server server;
  raw_client client(server.port());
  client.send(get("/wait"));
  ASSERT_TRUE(eventually([&] { return server.waiting() == 1; }));
  auto drained = std::async(std::launch::async, [&] { return (*server).drain(10s); });
  EXPECT_EQ(drained.wait_for(100ms), std::future_status::timeout);
  server.release();
  auto seen = client.receive();
  EXPECT_EQ(seen.body, "waited");
  EXPECT_EQ(seen.headers["connection"], "close");
  EXPECT_TRUE(drained.get());
}

TEST(drain, gives_up_at_its_limit) {
  test_server server;
  raw_client client(server.port());
  client.send("POST /size HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n");
  ASSERT_EQ(client.receive().status, 100);
  EXPECT_FALSE((*server).drain(100ms));
  EXPECT_EQ((*server).connections(), 0U);
}

TEST(stop, cuts_what_is_left_and_waits_for_what_runs) {
  test_server server;
  raw_client idle(server.port()), waiting(server.port());
  waiting.send(get("/wait"));
  ASSERT_TRUE(eventually([&] { return server.waiting() == 1; }));
  EXPECT_FALSE((*server).stop(200ms));
  EXPECT_TRUE(idle.closed());
  server.release();
  EXPECT_TRUE((*server).stop(10s));
  EXPECT_TRUE((*server).stop(10s));
}

TEST(listen, says_what_to_do_when_the_port_is_taken) {
  test_server first;
  server_settings settings;
  settings.port = first.port();
  auto second = server::listen(settings, first, {});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().message,
            "Port " + std::to_string(first.port()) + " is taken; use --listen 127.0.0.1:PORT.");
}

TEST(listen, refuses_what_is_no_address) {
  test_server answers;
  server_settings settings;
  settings.address = "not-an-address";
  settings.port = 0;
  EXPECT_FALSE(server::listen(settings, answers, {}));
}

}  // namespace
}  // namespace dossier::http
