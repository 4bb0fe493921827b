// The connections to a MySQL or MariaDB under several event loops: transactions and gathered look-ups, while
// connections break, while more come than may wait, and when the pool is stopped in the middle of that. Run
// under the thread sanitizer.
#include <atomic>
#include <latch>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "base/log.h"
#include "base/random.h"
#include "fakes/database_server.h"
#include "fakes/details.h"
#include "fakes/run.h"
#include "fakes/tcp_proxy.h"
#include "stores/sql/mysql/mysql_pool.h"
#include "stores/sql/mysql/mysql_records.h"
#include "stores/sql/query.h"

namespace dossier::stores {
namespace {

using namespace std::chrono_literals;
using base::error_code;

constexpr int loops = 4;
constexpr int coroutines = 6;  // on each loop
constexpr int rounds = 5;

// Runs `make()` so often on each of the loops, which have a thread each.
template <class Make>
void on_all_loops(Make make) {
  std::vector<std::jthread> threads;
  for (int loop = 0; loop < loops; ++loop) {
    threads.emplace_back([&make] {
      asio::io_context context(1);
      for (int i = 0; i < coroutines; ++i) asio::co_spawn(context, make(), asio::detached);
      context.run();
    });
  }
}

// What the coroutines of a test count together.
struct tally {
  std::atomic<int> kept = 0;
  std::atomic<int> unavailable = 0;
  std::atomic<int> wrong = 0;

  void failed(const base::error& why) { ++(why.code == error_code::unavailable ? unavailable : wrong); }
};

class mysql_concurrency : public testing::Test {
 protected:
  mysql_concurrency() : proxy_(database_.server().port()) {
    base::start_log(base::log_format::text, base::log_level::off);
  }

  sql::mysql_settings settings() const {
    auto all = database_.settings();
    all.port = proxy_.port();
    all.connections = 3;
    all.lock_limit = 1s;
    all.look_after = 0ms;  // each connection is asked before each use
    all.look_limit = 20s;
    return all;
  }
  opened_store<domain::records> open_records() const {
    auto made = open_mysql_records(settings(), {});
    if (!made) throw std::runtime_error(made.error().message);
    return std::move(*made);
  }

  fakes::test_database database_;
  fakes::tcp_proxy proxy_;
  base::system_random random_;
  tally seen_;
};

domain::commit_request somebody(base::random_source& random) {
  domain::commit_request request;
  request.lease = {random.token()};
  request.lease_for = 15s;
  request.details = fakes::known{"Anna " + random.token(), "Oslo", 41, "C++"};
  return request;
}

awaitable<void> submit_and_look_up(domain::records& records, base::random_source& random, tally& seen) {
  for (int round = 0; round < rounds; ++round) {
    const auto request = somebody(random);
    const auto committed = co_await records.commit_submission(request);
    if (!committed) {
      seen.failed(committed.error());
      continue;
    }
    ++seen.kept;
    const auto found = co_await records.find_person(std::get<domain::person>(*committed).id);
    if (!found) {
      seen.failed(found.error());
    } else if (found->details != *request.details) {
      ++seen.wrong;
    }
    (void)co_await records.renew_leases({request.lease}, 15s);
  }
}

TEST_F(mysql_concurrency, what_was_acknowledged_is_found_while_connections_break) {
  const auto opened = open_records();
  proxy_.break_one_in(50);
  on_all_loops([&] { return submit_and_look_up(*opened.store, random_, seen_); });
  proxy_.break_one_in(0);
  EXPECT_EQ(seen_.wrong, 0);
  EXPECT_GT(seen_.kept, loops * coroutines * rounds / 2) << "most survive that";
  const auto people = std::stoi(database_.ask("SELECT COUNT(*) FROM person"));
  EXPECT_GE(people, seen_.kept);
  EXPECT_LE(people, seen_.kept + seen_.unavailable) << "none happened twice";
}

awaitable<void> submit_until_refused(domain::records& records, base::random_source& random, tally& seen,
                                     std::latch& busy) {
  for (bool refused = false; !refused;) {
    const auto request = somebody(random);
    const auto committed = co_await records.commit_submission(request);
    if (committed) {
      if (++seen.kept <= loops * coroutines) busy.count_down();
      const auto found = co_await records.find_person(std::get<domain::person>(*committed).id);
      if (!found) seen.failed(found.error());
    } else {
      seen.failed(committed.error());
      refused = committed.error().message.contains("stopping");
    }
  }
}

TEST_F(mysql_concurrency, stopping_in_the_middle_of_it_ends_all_that_waits) {
  const auto opened = open_records();
  std::latch busy(loops * coroutines);
  proxy_.break_one_in(30);
  {
    std::jthread stop([&] {
      busy.wait();
      opened.stop();
    });
    on_all_loops([&] { return submit_until_refused(*opened.store, random_, seen_, busy); });
  }
  EXPECT_EQ(seen_.wrong, 0);
  EXPECT_GE(std::stoi(database_.ask("SELECT COUNT(*) FROM person")), seen_.kept);
}

awaitable<void> count_up(sql::driver& driver, tally& seen) {
  for (int round = 0; round < rounds * 4; ++round) {
    const auto answer = co_await driver.write("count", [](sql::connection& on) -> base::result<void> {
      sql::execute(on, "UPDATE counter SET value = value + 1");
      return {};
    });
    if (answer) {
      ++seen.kept;
    } else {
      seen.failed(answer.error());
    }
  }
}

// The line and its longest wait are short: jobs are taken, found late and refused at the same time.
TEST_F(mysql_concurrency, what_is_refused_did_not_happen_and_what_was_not_did_once) {
  database_.run("CREATE TABLE counter (value INT NOT NULL)");
  database_.run("INSERT INTO counter VALUES (0)");
  database_.run(
      "CREATE TABLE commit_token (token BINARY(16) NOT NULL PRIMARY KEY, committed TINYINT NOT NULL)");
  auto with = settings();
  with.waiting = 8;
  with.wait_limit = 2ms;
  with.idle_limit = 1ms;
  with.lock_limit = 20s;
  sql::mysql_driver driver("counter", with, {});
  on_all_loops([&] { return count_up(driver, seen_); });
  EXPECT_EQ(seen_.wrong, 0);
  EXPECT_EQ(seen_.kept + seen_.unavailable, loops * coroutines * rounds * 4);
  EXPECT_EQ(database_.ask("SELECT value FROM counter"), std::to_string(seen_.kept));
}

}  // namespace
}  // namespace dossier::stores
