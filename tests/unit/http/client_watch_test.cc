// A client that hangs up while its answer is being worked on is noticed; one that only ends its sending side
// gets its answer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/socket.h>

#include <chrono>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "loopback.h"

namespace dossier::http {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;

// Answers once it is told to, or when the client has left.
class patient_server final : public handler {
 public:
  patient_server() {
    auto made = server::listen({.port = 0, .threads = 1}, *this, [](const exchange&) {});
    if (!made) throw std::runtime_error(made.error().message);
    server_ = std::move(*made);
    server_->start();
  }
  ~patient_server() override {
    released = true;
    server_->stop(std::chrono::seconds(10));
  }

  awaitable<response> handle(request& req) override {
    ++working;
    const auto caller = req.caller();
    const auto gone = caller.watch();
    asio::steady_timer timer(co_await asio::this_coro::executor);
    while (!released && !gone.stop_requested()) {
      timer.expires_after(1ms);
      co_await timer.async_wait(asio::use_awaitable);
    }
    if (gone.stop_requested()) ++left;
    if (req.broken_off) ++broken_off;
    --working;
    response made;
    made.body = std::string("worked for " + caller.name);
    co_return made;
  }
  response error_page(unsigned status, std::string_view, std::string_view, std::string_view) override {
    response made;
    made.status = status;
    return made;
  }

  std::uint16_t port() const { return server_->port(); }

  std::atomic<bool> released = false;
  std::atomic<int> working = 0;
  std::atomic<int> left = 0;
  std::atomic<int> broken_off = 0;

 private:
  std::unique_ptr<server> server_;
};

TEST(client_watch, notices_that_a_client_has_closed) {
  patient_server server;
  {
    raw_client client(server.port());
    client.send(get("/"));
    ASSERT_TRUE(eventually([&] { return server.working == 1; }));
  }
  EXPECT_TRUE(eventually([&] { return server.left == 1; }));
  EXPECT_TRUE(eventually([&] { return server.broken_off == 1; }));
}

TEST(client_watch, notices_a_client_that_was_gone_before_anybody_looked) {
  patient_server server;
  for (int i = 0; i < 20; ++i) raw_client(server.port()).send(get("/"));
  EXPECT_TRUE(eventually([&] { return server.left == 20; }));
}

TEST(client_watch, notices_a_reset) {
  patient_server server;
  {
    raw_client client(server.port());
    client.send(get("/"));
    ASSERT_TRUE(eventually([&] { return server.working == 1; }));
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(client.descriptor(), SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  }
  EXPECT_TRUE(eventually([&] { return server.left == 1; }));
}

TEST(client_watch, notices_it_behind_a_request_that_waits_its_turn) {
  patient_server server;
  {
    raw_client client(server.port());
    client.send(get("/") + get("/next"));
    ASSERT_TRUE(eventually([&] { return server.working == 1; }));
  }
  EXPECT_TRUE(eventually([&] { return server.left >= 1; }));
}

TEST(client_watch, answers_a_client_that_only_ended_its_sending_side) {
  patient_server server;
  raw_client client(server.port());
  client.send(get("/"));
  client.finish();
  ASSERT_TRUE(eventually([&] { return server.working == 1; }));
  // The server asks it whether it is still there, and it says nothing.
  const auto asked = client.receive();
  EXPECT_EQ(asked.status, 100);
  server.released = true;
  const auto seen = client.receive();
  EXPECT_EQ(seen.status, 200);
  EXPECT_EQ(seen.body, "worked for 127.0.0.1");
  EXPECT_EQ(server.left, 0);
}

TEST(client_watch, answers_an_old_client_that_ended_its_sending_side_without_another_word) {
  patient_server server;
  raw_client client(server.port());
  client.send("GET / HTTP/1.0\r\nHost: localhost\r\n\r\n");
  client.finish();
  ASSERT_TRUE(eventually([&] { return server.working == 1; }));
  server.released = true;
  const auto all = client.receive_all();
  EXPECT_THAT(all, StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(all, HasSubstr("worked for 127.0.0.1"));
}

TEST(client_watch, leaves_the_next_request_of_a_patient_client_alone) {
  patient_server server;
  raw_client client(server.port());
  client.send(get("/") + get("/"));
  ASSERT_TRUE(eventually([&] { return server.working == 1; }));
  server.released = true;
  EXPECT_EQ(client.receive().status, 200);
  EXPECT_EQ(client.receive().status, 200);
  EXPECT_EQ(server.left, 0);
}

}  // namespace
}  // namespace dossier::http
