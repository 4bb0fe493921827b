// One transport that several loops use at once, while some cancel their calls and the transport ends.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "aws/transport/curl_transport.h"
#include "fakes/raw_server.h"
#include "fakes/run.h"

namespace dossier::aws {
namespace {

// "/body" answers a large body, every other path a small one.
void answer_all(fakes::raw_connection& client) {
  for (;;) {
    const auto head = client.read().head;
    if (head.empty()) return;
    if (!client.answer(200, head.starts_with("GET /body") ? std::string(300'000, 'x') : "fine")) return;
  }
}

struct tally {
  std::atomic<int> fine{0};
  std::atomic<int> cancelled{0};
  std::atomic<int> wrong{0};
};

awaitable<void> put(curl_transport& via, std::string url, tally& seen) {
  const auto answer =
      co_await via.send({.method = "PUT", .url = std::move(url), .body = text_body("a body")});
  if (answer)
    ++seen.fine;
  else
    ++(answer.error().problem == transport_problem::cancelled ? seen.cancelled : seen.wrong);
}

awaitable<void> pull(curl_transport& via, std::string url, bool to_the_end, tally& seen) {
  auto answer = co_await via.open({.url = std::move(url)});
  if (!answer) {
    ++(answer.error().problem == transport_problem::cancelled ? seen.cancelled : seen.wrong);
    co_return;
  }
  std::size_t came = 0;
  for (;;) {
    const auto some = co_await answer->body->next();
    if (!some) {
      ++seen.cancelled;
      co_return;
    }
    if (some->empty() || !to_the_end) break;
    came += some->size();
  }
  ++(to_the_end && came != 300'000 ? seen.wrong : seen.fine);
}

void spawn_some(asio::io_context& loop, curl_transport& via, const fakes::raw_server& server, tally& seen) {
  const auto ignore = [](const std::exception_ptr&) {
  };
  for (int number = 0; number < 30; ++number) {
    if (number % 3 == 0)
      asio::co_spawn(loop, pull(via, server.url("/body"), number % 2 == 0, seen), ignore);
    else
      asio::co_spawn(loop, put(via, server.url("/"), seen), ignore);
  }
}

TEST(aws_transport_threads, serves_several_loops) {
  fakes::raw_server server(answer_all);
  curl_transport transport({.max_calls = 8, .max_downloads = 4, .download_buffer = 50'000});
  tally seen;
  std::vector<std::thread> loops;
  for (int number = 0; number < 4; ++number) {
    loops.emplace_back([&] {
      asio::io_context loop(1);
      spawn_some(loop, transport, server, seen);
      loop.run();
    });
  }
  for (auto& each : loops) each.join();
  EXPECT_EQ(seen.fine, 120);
  EXPECT_EQ(seen.wrong, 0);
}

TEST(aws_transport_threads, ends_in_the_middle_of_it) {
  fakes::raw_server server(answer_all);
  for (int round = 0; round < 10; ++round) {
    auto transport = std::make_unique<curl_transport>(curl_options{.max_calls = 4, .max_downloads = 2});
    tally seen;
    asio::io_context first(1), second(1);
    // All have begun to wait before the end comes.
    spawn_some(first, *transport, server, seen);
    spawn_some(second, *transport, server, seen);
    first.poll();
    second.poll();
    std::thread one([&] { first.run(); });
    std::thread other([&] { second.run(); });
    while (seen.fine < round) std::this_thread::yield();
    transport.reset();
    one.join();
    other.join();
    EXPECT_EQ(seen.fine + seen.cancelled, 60);
    EXPECT_EQ(seen.wrong, 0);
  }
}

}  // namespace
}  // namespace dossier::aws
