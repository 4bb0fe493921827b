// Requests that keep the pools busy: with reads and writes of the records, and at the disk. For the tests of
// how serving ends; under the address sanitizer they show what is used after it is destroyed.
#pragma once

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "app/termination.h"
#include "http/server.h"
#include "stores/embedded.h"
#include "stores/sql/driver.h"
#include "stores/sql/query.h"

namespace dossier::fakes {

// Tells the pools' jobs whether their request is still there.
struct request_state {
  std::atomic<bool> alive = true;
};
struct alive_here {
  std::shared_ptr<request_state> state;
  ~alive_here() { state->alive = false; }
};

class busy_site final : public http::handler {
 public:
  // `question` is SQL that takes the database some seconds; `stop` stops the driver.
  busy_site(std::unique_ptr<stores::sql::driver> records, std::string question, std::function<void()> stop)
      : driver_(std::move(records)), question_(std::move(question)) {
    stores_.disk = std::make_unique<base::blocking_pool>(2);
    stores_.stop = std::move(stop);
  }

  awaitable<http::response> handle(http::request& req) override {
    ++running_;
    const auto state = std::make_shared<request_state>();
    const alive_here here{state};
    const auto seen = [this, state] {
      if (!state->alive) ++after_the_end_;
    };
    const auto ask = [this, seen](stores::sql::connection& on) -> base::result<int> {
      stores::sql::query rows(on, question_);
      while (rows.next()) {
      }
      seen();
      return 1;
    };
    if (req.path == "/search") {
      co_await driver_->read_in_turn("search", req.caller(), ask);
    } else if (req.path == "/read") {
      co_await driver_->read("read", ask);
    } else if (req.path == "/write") {
      co_await driver_->write("write", [seen](stores::sql::connection&) -> base::result<int> {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        seen();
        return 1;
      });
    } else {
      co_await stores_.disk->run([seen] {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        seen();
      });
    }
    --running_;
    co_return http::response{};
  }
  http::response error_page(unsigned status, std::string_view, std::string_view, std::string_view) override {
    http::response made;
    made.status = status;
    return made;
  }

  stores::opened_stores& stores() { return stores_; }
  // As real stores close their drivers when they are destroyed.
  void close_driver() { driver_.reset(); }
  int running() const { return running_; }
  int after_the_end() const { return after_the_end_; }

 private:
  std::atomic<int> running_ = 0;
  std::atomic<int> after_the_end_ = 0;
  stores::opened_stores stores_;
  std::unique_ptr<stores::sql::driver> driver_;
  std::string question_;
};

// Clients that have asked, and hang up when this is destroyed.
class asking_clients {
 public:
  explicit asking_clients(std::uint16_t port) : port_(port) {}
  ~asking_clients() {
    for (const int client : clients_) ::close(client);
  }
  asking_clients(const asking_clients&) = delete;
  asking_clients& operator=(const asking_clients&) = delete;

  void ask(std::string_view path, int times = 1) {
    for (int i = 0; i < times; ++i) clients_.push_back(connect_and_ask(path));
  }

 private:
  int connect_and_ask(std::string_view path) const {
    const int client = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const auto text = "GET " + std::string(path) + " HTTP/1.1\r\nHost: h\r\n\r\n";
    if (::connect(client, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0 ||
        ::send(client, text.data(), text.size(), MSG_NOSIGNAL) < 0)
      throw std::runtime_error("the server does not answer");
    return client;
  }

  std::uint16_t port_;
  std::vector<int> clients_;
};

// Ends serving while requests are busy everywhere: all of the jobs must end before their requests and loops
// are gone.
inline void end_while_busy(busy_site& busy) {
  auto server = http::server::listen({.port = 0, .threads = 2}, busy, {});
  ASSERT_TRUE(server);
  (*server)->start();
  asking_clients clients((*server)->port());
  clients.ask("/search", 16);
  clients.ask("/read", 16);
  clients.ask("/write", 32);
  clients.ask("/disk", 16);
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (busy.running() < 33 && std::chrono::steady_clock::now() < limit) std::this_thread::yield();
  bool asked = false;
  const auto how =
      app::end_serving(**server, busy.stores(), [&] { asked = true; },
                       {.drain = std::chrono::milliseconds(10), .rest = std::chrono::seconds(60)});
  EXPECT_TRUE(asked);
  EXPECT_FALSE(how.drained);
  EXPECT_TRUE(how.whole);
  EXPECT_EQ(busy.running(), 0);
  busy.close_driver();
  server->reset();
  EXPECT_EQ(busy.after_the_end(), 0);
}

}  // namespace dossier::fakes
