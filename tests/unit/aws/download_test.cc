// Answers that are pulled: back-pressure, and what happens when one side goes away.
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "aws/transport/curl_transport.h"
#include "fakes/raw_server.h"
#include "fakes/run.h"

namespace dossier::aws {
namespace {

using namespace std::chrono_literals;
using fakes::raw_connection;
using fakes::raw_server;

constexpr std::size_t large = std::size_t{64} << 20;
const std::string piece(64 << 10, 'x');

std::string head_of(std::size_t length) {
  return "HTTP/1.1 200 Fine\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n";
}

sent<streamed_response> open(curl_transport& via, http_request what) {
  return fakes::run_sync(via.open(std::move(what)));
}

base::result<std::size_t> pull_some(base::byte_source& from) {
  auto some = fakes::run_sync(from.next());
  if (!some) return base::pass(some);
  return some->size();
}

TEST(aws_download, brings_every_byte_in_order) {
  raw_server server([](raw_connection& client) {
    client.read();
    client.send(head_of(1'000'000));
    std::string all;
    for (int at = 0; at < 1'000'000; ++at) all += static_cast<char>('a' + at % 23);
    client.send(all);
  });
  curl_transport transport({.download_buffer = 20'000});
  auto answer = open(transport, {.url = server.url()});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(*answer->find("content-length"), "1000000");
  std::size_t at = 0;
  for (;;) {
    const auto some = fakes::run_sync(answer->body->next());
    ASSERT_TRUE(some);
    if (some->empty()) break;
    ASSERT_LE(some->size(), 20'000u);
    for (const auto byte : *some) ASSERT_EQ(static_cast<char>(byte), static_cast<char>('a' + at++ % 23));
  }
  EXPECT_EQ(at, 1'000'000u);
}

TEST(aws_download, a_slow_reader_slows_the_server) {
  std::atomic<std::size_t> sent_bytes{0};
  std::promise<void> done;
  raw_server server([&](raw_connection& client) {
    client.read();
    client.send(head_of(large));
    while (sent_bytes < large && client.send(piece)) sent_bytes += piece.size();
    done.set_value();
  });
  curl_transport transport;
  // The time limits do not apply to a slow reader.
  auto answer = open(transport, {.url = server.url(), .limits = {.stall = 100ms}});
  ASSERT_TRUE(answer);
  // Nobody pulls: once the buffers of the kernel are full, the server can send no more.
  auto finished = done.get_future();
  EXPECT_EQ(finished.wait_for(400ms), std::future_status::timeout);
  EXPECT_LT(sent_bytes, large / 2);
  std::size_t came = 0;
  for (;;) {
    const auto some = pull_some(*answer->body);
    ASSERT_TRUE(some) << some.error().message;
    if (*some == 0) break;
    came += *some;
  }
  EXPECT_EQ(came, large);
}

TEST(aws_download, letting_go_ends_the_transfer) {
  std::promise<void> gone;
  raw_server server([&](raw_connection& client) {
    client.read();
    client.send(head_of(large * 100));
    while (client.send(piece)) {
    }
    gone.set_value();
  });
  curl_transport transport;
  {
    auto answer = open(transport, {.url = server.url()});
    ASSERT_TRUE(answer);
    EXPECT_TRUE(pull_some(*answer->body));
  }
  EXPECT_EQ(gone.get_future().wait_for(5s), std::future_status::ready);
}

TEST(aws_download, tells_that_it_broke_off) {
  raw_server server([](raw_connection& client) {
    client.read();
    client.send(head_of(100) + "some");
  });
  curl_transport transport;
  auto answer = open(transport, {.url = server.url()});
  ASSERT_TRUE(answer);
  EXPECT_EQ(pull_some(*answer->body), 4u);
  const auto rest = pull_some(*answer->body);
  ASSERT_FALSE(rest);
  EXPECT_EQ(rest.error().code, base::error_code::unavailable);
}

TEST(aws_download, tells_that_it_stalls) {
  raw_server server([](raw_connection& client) {
    client.read();
    client.send(head_of(100) + "some");
    client.wait_until_client_goes();
  });
  curl_transport transport;
  auto answer = open(transport, {.url = server.url(), .limits = {.stall = 150ms}});
  ASSERT_TRUE(answer);
  EXPECT_EQ(pull_some(*answer->body), 4u);
  const auto rest = pull_some(*answer->body);
  ASSERT_FALSE(rest);
  EXPECT_EQ(rest.error().code, base::error_code::timed_out);
}

TEST(aws_download, fails_without_a_head) {
  raw_server server([](raw_connection& client) { client.read(); });
  curl_transport transport;
  const auto answer = open(transport, {.url = server.url()});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().problem, transport_problem::cut);
}

TEST(aws_download, outlives_its_transport) {
  raw_server server([](raw_connection& client) {
    client.read();
    client.send(head_of(100) + "some");
    client.wait_until_client_goes();
  });
  auto transport = std::make_unique<curl_transport>();
  auto answer = open(*transport, {.url = server.url()});
  ASSERT_TRUE(answer);
  transport.reset();
  while (true) {
    const auto some = pull_some(*answer->body);
    if (!some) break;
    ASSERT_NE(*some, 0u);
  }
}

TEST(aws_download, downloads_leave_room_for_calls) {
  raw_server server([](raw_connection& client) {
    const auto head = client.read().head;
    if (head.starts_with("GET /call")) return (void)client.answer(200, "fine");
    client.send(head_of(large));
    client.wait_until_client_goes();
  });
  curl_transport transport({.max_calls = 1, .max_downloads = 1});
  auto held = open(transport, {.url = server.url("/held")});
  ASSERT_TRUE(held);
  EXPECT_TRUE(fakes::run_sync(transport.send({.url = server.url("/call")})));
}

}  // namespace
}  // namespace dossier::aws
