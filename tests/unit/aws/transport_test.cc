// The transport against servers that behave badly.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "aws/transport/curl_transport.h"
#include "fakes/raw_server.h"
#include "fakes/run.h"

namespace dossier::aws {
namespace {

using namespace std::chrono_literals;
using fakes::raw_connection;
using fakes::raw_server;

constexpr std::chrono::milliseconds soon{150};

sent<response> get(curl_transport& via, http_request what) {
  return fakes::run_sync(via.send(std::move(what)));
}

transport_problem problem_of(const sent<response>& answered) {
  EXPECT_FALSE(answered.has_value());
  return answered ? transport_problem::cancelled : answered.error().problem;
}

// Answers every request of a connection.
void answer_all(raw_connection& client) {
  while (!client.read().head.empty()) client.answer(200, "fine");
}

TEST(aws_transport, sends_what_it_is_given_and_nothing_else) {
  std::promise<fakes::raw_request> seen;
  raw_server server([&](raw_connection& client) {
    seen.set_value(client.read());
    client.answer(201, "made", "ETag: \"x\"\r\nx-empty:\r\n");
  });
  curl_transport transport;
  const auto answer = get(transport, {.method = "PUT",
                                      .url = server.url("/a/../b%20c?uploads=&x=%2F"),
                                      .headers = {{"x-one", "1"}, {"x-none", ""}},
                                      .body = text_body("the body")});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 201);
  EXPECT_EQ(answer->body, "made");
  EXPECT_EQ(*answer->find("etag"), "\"x\"");
  EXPECT_EQ(*answer->find("X-Empty"), "");
  EXPECT_EQ(answer->find("other"), nullptr);
  const auto request = seen.get_future().get();
  EXPECT_EQ(request.head,
            "PUT /a/../b%20c?uploads=&x=%2F HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) +
                "\r\nUser-Agent: dossier\r\nx-one: 1\r\nx-none:\r\nContent-Length: 8\r\n\r\n");
  EXPECT_EQ(request.body, "the body");
}

TEST(aws_transport, knows_all_methods) {
  raw_server server([&](raw_connection& client) {
    for (;;) {
      const auto head = client.read().head;
      if (head.empty()) return;
      const auto first = head.substr(0, head.find(' '));
      const bool sized = head.contains("Content-Length: 0\r\n");
      client.send("HTTP/1.1 200 Fine\r\nx-method: " + first + (sized ? " sized" : "") +
                  "\r\nContent-Length: 5\r\n\r\n" + (first == "HEAD" ? "" : "12345"));
    }
  });
  curl_transport transport;
  for (const auto& [method, expected] : std::map<std::string, std::string>{{"GET", "GET"},
                                                                           {"HEAD", "HEAD"},
                                                                           {"DELETE", "DELETE"},
                                                                           {"PUT", "PUT sized"},
                                                                           {"POST", "POST sized"}}) {
    const auto answer = get(transport, {.method = method, .url = server.url()});
    ASSERT_TRUE(answer) << method << ": " << answer.error().detail;
    EXPECT_EQ(*answer->find("x-method"), expected);
    EXPECT_EQ(answer->body.size(), method == "HEAD" ? 0u : 5u);
  }
}

TEST(aws_transport, keeps_connections) {
  raw_server server(answer_all);
  curl_transport transport;
  for (int time = 0; time < 5; ++time) EXPECT_TRUE(get(transport, {.url = server.url()}));
  EXPECT_EQ(server.connections(), 1);
}

TEST(aws_transport, a_kept_connection_that_has_died_is_replaced) {
  raw_server server([](raw_connection& client) {
    client.read();
    client.answer(200, "fine");
  });
  curl_transport transport;
  for (int time = 0; time < 5; ++time) EXPECT_TRUE(get(transport, {.url = server.url()}));
  EXPECT_EQ(server.connections(), 5);
}

TEST(aws_transport, tells_that_nobody_listens) {
  std::string url;
  {
    const raw_server gone(answer_all);
    url = gone.url();
  }
  curl_transport transport;
  EXPECT_EQ(problem_of(get(transport, {.url = url})), transport_problem::connect);
}

TEST(aws_transport, gives_up_on_a_server_that_does_not_answer) {
  raw_server server([](raw_connection& client) { client.wait_until_client_goes(); });
  curl_transport transport;
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(problem_of(get(transport, {.url = server.url(), .limits = {.first_byte = soon}})),
            transport_problem::timed_out);
  EXPECT_EQ(
      problem_of(get(
          transport,
          {.method = "POST", .url = server.url(), .body = text_body("x"), .limits = {.first_byte = soon}})),
      transport_problem::timed_out);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 5s);
}

TEST(aws_transport, gives_up_on_an_answer_that_stalls) {
  raw_server server([](raw_connection& client) {
    client.read();
    client.send("HTTP/1.1 200 Fine\r\nContent-Length: 100\r\n\r\nsome");
    client.wait_until_client_goes();
  });
  curl_transport transport;
  EXPECT_EQ(problem_of(get(transport, {.url = server.url(), .limits = {.stall = soon}})),
            transport_problem::timed_out);
}

TEST(aws_transport, gives_up_on_an_answer_that_only_drips) {
  raw_server server([](raw_connection& client) {
    client.read();
    client.send("HTTP/1.1 200 Fine\r\nContent-Length: 100000\r\n\r\n");
    while (client.send("x")) std::this_thread::sleep_for(5ms);
  });
  curl_transport transport;
  EXPECT_EQ(problem_of(get(transport, {.url = server.url(), .limits = {.stall = soon}})),
            transport_problem::timed_out);
}

TEST(aws_transport, bounds_the_whole_of_a_call) {
  raw_server server([](raw_connection& client) {
    client.read();
    client.send("HTTP/1.1 200 Fine\r\nContent-Length: 100000000\r\n\r\n");
    while (client.send(std::string(2000, 'x'))) std::this_thread::sleep_for(5ms);
  });
  curl_transport transport;
  EXPECT_EQ(problem_of(get(transport, {.url = server.url(), .limits = {.whole = 2 * soon}})),
            transport_problem::timed_out);
}

TEST(aws_transport, a_request_that_nobody_reads_stalls) {
  raw_server server([&](raw_connection& client) {
    client.read_head();
    server.wait_for_release();
  });
  curl_transport transport;
  const std::string large(64 << 20, 'x');
  EXPECT_EQ(problem_of(get(transport, {.method = "PUT",
                                       .url = server.url(),
                                       .body = text_body(large),
                                       .limits = {.first_byte = soon, .stall = soon}})),
            transport_problem::timed_out);
}

TEST(aws_transport, notices_when_an_answer_breaks_off) {
  raw_server server([](raw_connection& client) {
    client.read();
    client.send("HTTP/1.1 200 Fine\r\nContent-Length: 100\r\n\r\nsome");
  });
  curl_transport transport;
  EXPECT_EQ(problem_of(get(transport, {.url = server.url()})), transport_problem::cut);
}

TEST(aws_transport, notices_a_reset_and_what_is_not_http) {
  raw_server resets([](raw_connection& client) {
    client.read();
    client.reset();
  });
  raw_server babbles([](raw_connection& client) {
    client.read();
    client.send("this is not HTTP at all, but it is long enough to be something\r\n\r\n");
  });
  raw_server silent([](raw_connection& client) { client.read(); });
  curl_transport transport;
  for (const auto* server : {&resets, &babbles, &silent}) {
    EXPECT_EQ(problem_of(get(transport, {.url = server->url()})), transport_problem::cut);
  }
}

TEST(aws_transport, keeps_no_more_than_it_may) {
  raw_server server([](raw_connection& client) {
    while (!client.read().head.empty()) client.answer(200, std::string(2000, 'x'));
  });
  raw_server long_winded([](raw_connection& client) {
    client.read();
    client.send("HTTP/1.1 200 Fine\r\n");
    while (client.send("x-filler: " + std::string(1000, 'x') + "\r\n")) {
    }
  });
  curl_transport transport;
  EXPECT_TRUE(get(transport, {.url = server.url(), .max_response = 2000}));
  EXPECT_EQ(problem_of(get(transport, {.url = server.url(), .max_response = 1999})),
            transport_problem::too_large);
  EXPECT_EQ(problem_of(get(transport, {.url = long_winded.url()})), transport_problem::too_large);
}

TEST(aws_transport, takes_an_answer_that_comes_before_the_request_is_through) {
  raw_server server([](raw_connection& client) {
    client.read_head();
    client.answer(503, "slow down", "Connection: close\r\n");
    client.wait_until_client_goes();
  });
  curl_transport transport;
  const auto answer =
      get(transport, {.method = "PUT", .url = server.url(), .body = text_body(std::string(32 << 20, 'x'))});
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_EQ(answer->status, 503);
  EXPECT_EQ(answer->body, "slow down");
}

class unreadable final : public body {
 public:
  std::uint64_t size() const override { return 100; }
  std::optional<std::size_t> read(std::uint64_t, std::span<std::byte>) const override { return std::nullopt; }
};

TEST(aws_transport, a_body_that_cannot_be_read_is_no_request) {
  raw_server server([](raw_connection& client) { client.wait_until_client_goes(); });
  curl_transport transport;
  EXPECT_EQ(problem_of(get(transport,
                           {.method = "PUT", .url = server.url(), .body = std::make_shared<unreadable>()})),
            transport_problem::body);
}

TEST(aws_transport, a_line_break_in_a_header_is_refused) {
  raw_server server(answer_all);
  curl_transport transport;
  EXPECT_FALSE(get(transport, {.url = server.url(), .headers = {{"x-one", "1\r\nx-two: 2"}}}));
  EXPECT_EQ(server.connections(), 0);
}

TEST(aws_transport, follows_no_redirect) {
  raw_server server([](raw_connection& client) {
    client.read();
    client.answer(307, "", "Location: /elsewhere\r\n");
    client.read();
    client.answer(200, "elsewhere");
  });
  curl_transport transport;
  EXPECT_EQ(get(transport, {.url = server.url()})->status, 307);
}

TEST(aws_transport, reaches_this_machine_without_a_proxy) {
  raw_server server(answer_all);
  ::setenv("http_proxy", "http://127.0.0.1:1", 1);
  curl_transport transport;
  EXPECT_TRUE(get(transport, {.url = server.url()}));
  ::unsetenv("http_proxy");
}

awaitable<void> count_answer(curl_transport& via, std::string url, std::atomic<int>& came) {
  const auto answer = co_await via.send({.url = std::move(url)});
  if (answer && answer->status == 200) ++came;
}

TEST(aws_transport, bounds_how_many_go_at_once) {
  std::atomic<int> inside{0}, most{0};
  raw_server server([&](raw_connection& client) {
    while (!client.read().head.empty()) {
      most = std::max(most.load(), ++inside);
      std::this_thread::sleep_for(2ms);
      --inside;
      client.answer(200, "fine");
    }
  });
  curl_transport transport({.max_calls = 3});
  asio::io_context loop(1);
  std::atomic<int> came{0};
  for (int number = 0; number < 30; ++number) {
    asio::co_spawn(loop, count_answer(transport, server.url(), came), [](const std::exception_ptr&) {});
  }
  loop.run();
  EXPECT_EQ(came, 30);
  EXPECT_LE(most, 3);
  EXPECT_LE(server.connections(), 3);
}

TEST(aws_transport, who_waits_too_long_for_a_place_is_told) {
  raw_server server([&](raw_connection& client) {
    client.read();
    server.wait_for_release();
    client.answer(200, "fine");
  });
  curl_transport transport({.max_calls = 1, .queue_limit = soon});
  std::thread first([&] { EXPECT_TRUE(get(transport, {.url = server.url()})); });
  while (server.connections() == 0) std::this_thread::yield();
  EXPECT_EQ(problem_of(get(transport, {.url = server.url()})), transport_problem::busy);
  server.release();
  first.join();
}

TEST(aws_transport, cancelling_ends_the_transfer) {
  std::promise<void> asked, gone;
  raw_server server([&](raw_connection& client) {
    client.read();
    asked.set_value();
    client.wait_until_client_goes();
    gone.set_value();
  });
  curl_transport transport;
  asio::io_context loop(1);
  asio::cancellation_signal cancel;
  bool ended = false;
  asio::co_spawn(loop, transport.send({.url = server.url()}),
                 asio::bind_cancellation_slot(cancel.slot(), [&](const std::exception_ptr&, auto answer) {
                   ended = true;
                   EXPECT_EQ(problem_of(answer), transport_problem::cancelled);
                 }));
  std::thread canceller([&] {
    asked.get_future().wait();
    asio::post(loop, [&] { cancel.emit(asio::cancellation_type::terminal); });
  });
  loop.run();
  EXPECT_TRUE(ended);
  EXPECT_EQ(gone.get_future().wait_for(5s), std::future_status::ready);
  canceller.join();
}

TEST(aws_transport, its_end_ends_what_waits) {
  std::promise<void> asked;
  raw_server server([&](raw_connection& client) {
    client.read();
    asked.set_value();
    client.wait_until_client_goes();
  });
  auto transport = std::make_unique<curl_transport>(curl_options{.max_calls = 1});
  asio::io_context loop(1);
  int cancelled = 0;
  // One is on its way, one waits for its place.
  for (int number = 0; number < 2; ++number) {
    asio::co_spawn(loop, transport->send({.url = server.url()}), [&](const std::exception_ptr&, auto answer) {
      cancelled += problem_of(answer) == transport_problem::cancelled ? 1 : 0;
    });
  }
  std::thread ending([&] {
    asked.get_future().wait();
    transport.reset();
  });
  loop.run();
  ending.join();
  EXPECT_EQ(cancelled, 2);
}

}  // namespace
}  // namespace dossier::aws
