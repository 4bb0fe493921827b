// The end of serving while every pool is busy. Under the address sanitizer this shows what is used after it
// is gone; without it the requests tell.
#include "app/ending.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <latch>
#include <memory>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "base/clock.h"
#include "fakes/temporary_folder.h"
#include "stores/sql/query.h"
#include "stores/sql/sqlite_driver.h"

namespace dossier::app {
namespace {

using namespace std::chrono_literals;
using stores::sql::connection;

// Some seconds of SQLite's time.
constexpr auto long_question =
    "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 300000000) SELECT count(*) "
    "FROM c";

// What a request holds, as the jobs of the pools see it.
struct request_state {
  std::atomic<bool> alive = true;
};
struct alive_here {
  std::shared_ptr<request_state> state;
  ~alive_here() { state->alive = false; }
};

// Each request is busy in one of the pools.
class busy_handler final : public http::handler {
 public:
  explicit busy_handler(const std::filesystem::path& folder)
      : driver_(std::make_unique<stores::sql::sqlite_driver>(
            "records", folder / "test.db", clock_, nullptr,
            stores::sql::sqlite_limits{.inline_read = 1ms, .slow_read = 2s})) {
    stores_.disk = std::make_unique<base::blocking_pool>(2);
    stores_.stop = [this] {
      driver_->stop();
    };
  }

  awaitable<http::response> handle(http::request& req) override {
    ++running_;
    const auto state = std::make_shared<request_state>();
    const alive_here here{state};
    const auto seen = [this, state] {
      if (!state->alive) ++after_the_end_;
    };
    if (req.path == "/search") {
      co_await driver_->read("search", [seen](connection& on) -> base::result<int> {
        stores::sql::query rows(on, long_question);
        while (rows.next()) {
        }
        seen();
        return 1;
      });
    } else if (req.path == "/write") {
      co_await driver_->write("write", [seen](connection&) -> base::result<int> {
        std::this_thread::sleep_for(20ms);
        seen();
        return 1;
      });
    } else {
      co_await stores_.disk->run([seen] {
        std::this_thread::sleep_for(100ms);
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
  // As the stores that are opened from their addresses do when they go.
  void close_driver() { driver_.reset(); }
  int running() const { return running_; }
  int after_the_end() const { return after_the_end_; }

 private:
  base::system_clock clock_;
  std::atomic<int> running_ = 0;
  std::atomic<int> after_the_end_ = 0;
  stores::opened_stores stores_;
  std::unique_ptr<stores::sql::sqlite_driver> driver_;
};

int connect_and_ask(std::uint16_t port, std::string_view path) {
  const int client = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(client, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) return -1;
  const auto text = "GET " + std::string(path) + " HTTP/1.1\r\nHost: h\r\n\r\n";
  if (::send(client, text.data(), text.size(), MSG_NOSIGNAL) < 0) return -1;
  return client;
}

TEST(ending, waits_for_every_pool_before_what_they_answer_to_is_gone) {
  const fakes::temporary_folder folder;
  std::vector<int> clients;
  {
    busy_handler busy(folder.path());
    auto server = http::server::listen({.port = 0, .threads = 2}, busy, {});
    ASSERT_TRUE(server);
    (*server)->start();
    for (int i = 0; i < 32; ++i) clients.push_back(connect_and_ask((*server)->port(), "/search"));
    for (int i = 0; i < 32; ++i) clients.push_back(connect_and_ask((*server)->port(), "/write"));
    for (int i = 0; i < 16; ++i) clients.push_back(connect_and_ask((*server)->port(), "/disk"));
    const auto limit = std::chrono::steady_clock::now() + 10s;
    while (busy.running() < 33 && std::chrono::steady_clock::now() < limit) std::this_thread::yield();
    bool asked = false;
    const auto how =
        end_serving(**server, busy.stores(), [&] { asked = true; }, {.drain = 10ms, .rest = 60s});
    EXPECT_TRUE(asked);
    EXPECT_FALSE(how.drained);
    EXPECT_TRUE(how.whole);
    EXPECT_EQ(busy.running(), 0);
    busy.close_driver();
    server->reset();
    EXPECT_EQ(busy.after_the_end(), 0);
  }
  for (const int client : clients) ::close(client);
}

TEST(ending, says_so_when_something_still_runs) {
  const fakes::temporary_folder folder;
  busy_handler busy(folder.path());
  auto server = http::server::listen({.port = 0, .threads = 1}, busy, {});
  ASSERT_TRUE(server);
  (*server)->start();
  std::latch hang(1);
  busy.stores().disk->post([&] { hang.wait(); });
  busy.stores().disk->post([&] { hang.wait(); });
  const int client = connect_and_ask((*server)->port(), "/disk");
  while (busy.running() < 1) std::this_thread::yield();
  EXPECT_FALSE(end_serving(**server, busy.stores(), [] {}, {.drain = 10ms, .rest = 50ms}).whole);
  hang.count_down();
  EXPECT_TRUE((*server)->stop(60s));
  ::close(client);
}

}  // namespace
}  // namespace dossier::app
