// What goes wrong on the way: locks, connections that end, servers that will not write.
#include <barrier>

#include "mysql_test.h"

namespace dossier::stores::sql {
namespace {

class mysql_recovery_test : public mysql_test {};

TEST_F(mysql_recovery_test, of_two_that_deadlock_both_succeed) {
  const auto driver = open(settings());
  ASSERT_TRUE(insert(*driver, "a"));
  ASSERT_TRUE(insert(*driver, "b"));
  std::barrier both_hold_one(2);
  std::atomic<int> runs = 0;
  const auto lock_both = [&](int first, int second) {
    return driver->write("lock", [&, first, second, attempt = 0](connection& on) mutable -> result<void> {
      ++runs;
      execute(on, "UPDATE note SET text = CONCAT(text, '+') WHERE id = ?", first);
      if (attempt++ == 0) both_hold_one.arrive_and_wait();
      execute(on, "UPDATE note SET text = CONCAT(text, '+') WHERE id = ?", second);
      return {};
    });
  };
  std::vector<awaitable<result<void>>> two;
  two.push_back(lock_both(1, 2));
  two.push_back(lock_both(2, 1));
  for (const auto& answer : run_together(std::move(two))) EXPECT_TRUE(answer);
  EXPECT_GE(runs, 3) << "they did deadlock";
  EXPECT_EQ(database_.ask("SELECT GROUP_CONCAT(text) FROM note"), "a++,b++");
}

TEST_F(mysql_recovery_test, a_lock_that_is_never_released_is_waited_for_a_bounded_time) {
  auto with = settings();
  with.lock_limit = 1s;
  with.attempts = 2;
  const auto driver = open(with);
  int runs = 0;
  ASSERT_TRUE(insert(*driver, "a"));
  mysql_connection holder(settings());
  holder.begin();
  execute(holder, "UPDATE note SET text = 'held' WHERE id = 1");
  const auto start = std::chrono::steady_clock::now();
  const auto answer = run(driver->write("wait", [&runs](connection& on) -> result<void> {
    ++runs;
    execute(on, "UPDATE note SET text = 'mine' WHERE id = 1");
    return {};
  }));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, error_code::unavailable);
  EXPECT_TRUE(answer.error().retry_after);
  EXPECT_EQ(runs, 2);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 25s) << "less than the 50 s of a server left to itself";
  holder.roll_back();
}

TEST_F(mysql_recovery_test, a_key_that_another_transaction_inserted_first_is_looked_at_again) {
  const auto driver = open(settings());
  int runs = 0;
  const auto answer = run(driver->write("insert", [&](connection& on) -> result<std::string> {
    ++runs;
    {
      query row(on, "SELECT text FROM note WHERE id = 5 /*lock*/");
      if (row.next()) return row.string(0);
    }
    database_.run("INSERT INTO note (id, text) VALUES (5, 'theirs')");
    execute(on, "INSERT INTO note (id, text) VALUES (5, 'ours')");
    return std::string("ours");
  }));
  EXPECT_EQ(answer, "theirs");
  EXPECT_EQ(runs, 2);
}

TEST_F(mysql_recovery_test, a_transaction_whose_connection_is_killed_is_run_again) {
  const auto driver = open(settings());
  int runs = 0;
  const auto answer = run(driver->write("insert", [&](connection& on) -> result<void> {
    execute(on, "INSERT INTO note (text) VALUES ('once')");
    if (runs++ == 0) kill(session_of(on));
    execute(on, "INSERT INTO note (text) VALUES ('twice')");
    return {};
  }));
  EXPECT_TRUE(answer);
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(count(), "2");
}

TEST_F(mysql_recovery_test, idle_connections_that_were_ended_are_not_noticed_by_anyone) {
  const auto driver = open(settings());
  std::int64_t session = 0;
  run(driver->read("look", [&](connection& on) -> result<void> {
    session = session_of(on);
    return {};
  })).value();
  kill(session);
  EXPECT_TRUE(run(driver->read("look", [&](connection& on) -> result<void> {
    session_of(on);
    return {};
  })));
  EXPECT_TRUE(insert(*driver, "x"));
}

TEST_F(mysql_recovery_test, a_connection_that_was_idle_for_long_is_asked_first) {
  const fakes::tcp_proxy proxy(database_.server().port());
  auto with = through(proxy);
  with.look_after = 0ms;
  const auto driver = open(with);
  int runs = 0;
  std::int64_t session = 0;
  for (int i = 0; i < 2; ++i) {
    run(driver->read("look", [&](connection& on) -> result<void> {
      ++runs;
      session = session_of(on);
      return {};
    })).value();
    kill(session);
  }
  EXPECT_EQ(runs, 2) << "none was run on a dead connection";
}

// As after a fail-over in which the host vanished: nothing says that the connection is gone.
TEST_F(mysql_recovery_test, a_connection_that_went_silent_while_idle_is_left_soon) {
  fakes::tcp_proxy proxy(database_.server().port());
  auto with = through(proxy);
  with.look_after = 0ms;
  with.network_limit = 60s;
  const auto driver = open(with);
  ASSERT_TRUE(insert(*driver, "before"));
  proxy.silence();
  int runs = 0;
  const auto start = std::chrono::steady_clock::now();
  EXPECT_TRUE(run(driver->write("insert", [&](connection& on) -> result<void> {
    ++runs;
    execute(on, "INSERT INTO note (text) VALUES ('after')");
    return {};
  })));
  EXPECT_EQ(runs, 1);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 20s) << "not as long as for any other answer";
  EXPECT_EQ(count(), "2");
}

TEST_F(mysql_recovery_test, connections_end_at_the_end_of_their_life) {
  auto with = settings();
  with.connections = 1;
  with.life_limit = 1ms;
  const auto driver = open(with);
  std::vector<std::int64_t> sessions;
  for (int i = 0; i < 2; ++i) {
    run(driver->read("look", [&](connection& on) -> result<void> {
      sessions.push_back(session_of(on));
      return {};
    })).value();
    std::this_thread::sleep_for(2ms);  // the connection is older now than it may be
  }
  EXPECT_NE(sessions[0], sessions[1]);
}

class mysql_replica_test : public mysql_test {
 protected:
  mysql_replica_test() {
    database_.run("CREATE USER IF NOT EXISTS plain IDENTIFIED BY 'plain'");
    database_.run("GRANT SELECT, INSERT, UPDATE, DELETE ON " + database_.name() + ".* TO plain");
  }
  ~mysql_replica_test() override { be_replica(false); }

  void be_replica(bool on) { database_.run("SET GLOBAL read_only = " + std::to_string(int{on})); }
  // A user without the right to write to a read-only server.
  mysql_settings plain() const {
    auto with = settings();
    with.user = "plain";
    with.look_after = 1h;
    with.password = [](bool) -> result<std::string> {
      return "plain";
    };
    return with;
  }

  // Each runner has one connection.
  static std::int64_t read_on(mysql_runner& runner) {
    std::int64_t session = 0;
    mysql_runner::work look = [&](connection& on) {
      session = session_of(on);
      return true;
    };
    mysql_transaction one{.operation = "look", .what = &look};
    EXPECT_EQ(runner.attempt(one).how, mysql_runner::outcome::done);
    return session;
  }
  static bool write_on(mysql_runner& runner) {
    mysql_runner::work insert = [](connection& on) {
      execute(on, "INSERT INTO note (text) VALUES ('x')");
      return true;
    };
    mysql_transaction one{.operation = "insert", .writes = true, .what = &insert};
    return runner.attempt(one).how == mysql_runner::outcome::done;
  }
};

TEST_F(mysql_replica_test, is_left_for_the_primary) {
  const auto driver = open(plain());
  be_replica(true);
  int runs = 0;
  std::vector<std::int64_t> sessions;
  const auto answer = run(driver->write("insert", [&](connection& on) -> result<void> {
    sessions.push_back(session_of(on));
    if (++runs == 3) be_replica(false);
    execute(on, "INSERT INTO note (text) VALUES ('x')");
    return {};
  }));
  EXPECT_TRUE(answer);
  EXPECT_EQ(runs, 3);
  ASSERT_EQ(sessions.size(), 3u);
  EXPECT_NE(sessions[0], sessions[1]) << "each attempt asks for the server again";
  EXPECT_EQ(count(), "1");
}

TEST_F(mysql_replica_test, is_left_by_those_who_read_when_one_could_not_write) {
  auto with = plain();
  with.transaction_limit = 0ms;  // one attempt
  mysql_shared_state common("notes", with);
  mysql_runner reader(common);
  mysql_runner writer(common);
  const auto before = read_on(reader);
  ASSERT_TRUE(write_on(writer));
  ASSERT_EQ(read_on(reader), before);
  be_replica(true);
  EXPECT_FALSE(write_on(writer));
  const auto meanwhile = read_on(reader);
  EXPECT_NE(meanwhile, before);
  EXPECT_EQ(read_on(reader), meanwhile) << "once is enough";
}

TEST_F(mysql_replica_test, that_was_reached_once_more_is_left_when_the_primary_is_found) {
  auto with = plain();
  with.transaction_limit = 0ms;
  mysql_shared_state common("notes", with);
  mysql_runner reader(common);
  mysql_runner writer(common);
  be_replica(true);
  EXPECT_FALSE(write_on(writer));
  const auto on_replica = read_on(reader);  // the primary's name still leads to it
  be_replica(false);
  ASSERT_TRUE(write_on(writer));
  const auto on_primary = read_on(reader);
  EXPECT_NE(on_primary, on_replica);
  const auto written_by = read_on(writer);
  ASSERT_TRUE(write_on(writer));
  EXPECT_EQ(read_on(reader), on_primary) << "and that was all";
  EXPECT_EQ(read_on(writer), written_by);
}

TEST_F(mysql_recovery_test, a_database_that_is_away_is_an_error_within_its_time_and_then_at_once) {
  fakes::tcp_proxy proxy(database_.server().port());
  auto with = through(proxy);
  with.transaction_limit = 600ms;
  const auto driver = open(with);
  ASSERT_TRUE(insert(*driver, "before"));
  proxy.refuse(true);
  const auto start = std::chrono::steady_clock::now();
  const auto answer = insert(*driver, "while");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, error_code::unavailable);
  EXPECT_TRUE(answer.error().retry_after);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 10s) << "less than the usual limit";
  EXPECT_FALSE(insert(*driver, "while"));  // now it has surely been away for longer than that limit
  const int attempts = proxy.connections();
  EXPECT_FALSE(insert(*driver, "while"));
  EXPECT_EQ(proxy.connections() - attempts, 1) << "nobody waits for what has been away for long";
  proxy.refuse(false);
  EXPECT_TRUE(insert(*driver, "after"));
  EXPECT_EQ(count(), "2");
}

TEST_F(mysql_recovery_test, a_short_absence_is_not_noticed) {
  fakes::tcp_proxy proxy(database_.server().port());
  const auto driver = open(through(proxy));
  ASSERT_TRUE(insert(*driver, "before"));
  proxy.refuse(true);
  std::jthread back([&] {
    std::this_thread::sleep_for(300ms);
    proxy.refuse(false);
  });
  EXPECT_TRUE(insert(*driver, "while"));
  EXPECT_EQ(count(), "2");
}

}  // namespace
}  // namespace dossier::stores::sql
