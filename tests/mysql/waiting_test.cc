// A transaction that waits for the database holds no connection, and so does not hold up others.
#include <algorithm>
#include <semaphore>

#include <gmock/gmock.h>

#include "mysql_test.h"

namespace dossier::stores::sql {
namespace {

using std::chrono::steady_clock;

class waiting_test : public mysql_test {
 protected:
  waiting_test() {
    database_.run("CREATE USER IF NOT EXISTS plain IDENTIFIED BY 'plain'");
    database_.run("GRANT SELECT, INSERT, UPDATE, DELETE ON " + database_.name() + ".* TO plain");
  }
  ~waiting_test() override { be_read_only(false); }

  void be_read_only(bool on) { database_.run("SET GLOBAL read_only = " + std::to_string(int{on})); }
  mysql_settings plain() const {
    auto with = settings();
    with.user = "plain";
    with.password = [](bool) -> result<std::string> {
      return "plain";
    };
    return with;
  }
  static awaitable<result<void>> add(driver& on, contended_row row = {}) {
    return on.write({"insert", row}, [](connection& c) -> result<void> {
      execute(c, "INSERT INTO note (text) VALUES ('new')");
      return {};
    });
  }
  static awaitable<result<void>> look(driver& on) {
    return on.read("look", [](connection& c) -> result<void> {
      query row(c, "SELECT COUNT(*) FROM note");
      row.next();
      return {};
    });
  }
  static awaitable<result<void>> check_writing(driver& on) {
    return on.read("check_writing", [](connection& c) -> result<void> {
      c.check_writing();
      return {};
    });
  }
  // Adds, and only then releases the lock for which others wait.
  static awaitable<result<void>> add_and_let_go(driver& on, mysql_connection& lock) {
    auto added = co_await add(on);
    lock.roll_back();
    co_return added;
  }
  // Notes the time of the answer.
  static awaitable<result<void>> timed(awaitable<result<void>> work,
                                       std::vector<steady_clock::time_point>& at) {
    auto answer = co_await std::move(work);
    at.push_back(steady_clock::now());
    co_return answer;
  }
};

TEST_F(waiting_test, reads_go_on_while_the_database_takes_no_writes) {
  auto with = plain();
  with.read_only_limit = 3s;
  const auto driver = open(with);
  ASSERT_TRUE(run(look(*driver)));
  be_read_only(true);
  constexpr std::size_t writes = 16;
  std::vector<steady_clock::time_point> written;
  std::vector<steady_clock::time_point> read;
  std::vector<awaitable<result<void>>> all;
  for (std::size_t i = 0; i < writes; ++i) all.push_back(timed(add(*driver), written));
  for (int i = 0; i < 40; ++i) all.push_back(timed(look(*driver), read));
  const auto start = steady_clock::now();
  const auto answers = run_together(std::move(all));
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (i >= writes) {
      EXPECT_TRUE(answers[i]) << answers[i].error().message;
      continue;
    }
    ASSERT_FALSE(answers[i]);
    EXPECT_EQ(answers[i].error().code, error_code::unavailable);
    EXPECT_TRUE(answers[i].error().retry_after);
    EXPECT_TRUE(answers[i].error().message.contains("only read")) << answers[i].error().message;
  }
  EXPECT_LT(std::ranges::max(read), std::ranges::min(written)) << "none waited for a write";
  EXPECT_LT(std::ranges::max(written) - start, with.transaction_limit);
}

TEST_F(waiting_test, a_database_that_takes_no_writes_says_so_and_is_used_again_when_it_does) {
  const auto driver = open(plain());
  ASSERT_TRUE(run(check_writing(*driver)));
  be_read_only(true);
  const auto told = run(check_writing(*driver));
  ASSERT_FALSE(told);
  EXPECT_EQ(told.error().code, error_code::unavailable);
  EXPECT_TRUE(told.error().message.contains("only read")) << told.error().message;
  EXPECT_TRUE(run(look(*driver)));
  be_read_only(false);
  const auto start = steady_clock::now();
  const auto added = run(add(*driver));
  EXPECT_TRUE(added) << added.error().message;
  EXPECT_LT(steady_clock::now() - start, 2s) << "the next look was at its usual time, not when one may try";
  EXPECT_TRUE(run(check_writing(*driver)));
}

TEST_F(waiting_test, writes_to_one_locked_row_stop_nothing_else) {
  auto with = settings();
  with.lock_limit = 1s;
  with.attempts = 1;
  with.wait_limit = 3s;
  const auto driver = open(with);
  ASSERT_TRUE(insert(*driver, "locked"));
  mysql_connection holder(settings());
  holder.begin();
  execute(holder, "UPDATE note SET text = 'held' WHERE id = 1");
  std::vector<steady_clock::time_point> refused;
  std::vector<steady_clock::time_point> done;
  std::vector<awaitable<result<void>>> all;
  constexpr std::size_t blocked = 20;
  for (std::size_t i = 0; i < blocked; ++i) {
    all.push_back(timed(driver->write({"update", contended_row::person(1)},
                                      [](connection& on) -> result<void> {
                                        execute(on, "UPDATE note SET text = 'mine' WHERE id = 1");
                                        return {};
                                      }),
                        refused));
  }
  for (int i = 0; i < 10; ++i) all.push_back(timed(add(*driver, contended_row::person(2)), done));
  for (int i = 0; i < 10; ++i) all.push_back(timed(look(*driver), done));
  const auto answers = run_together(std::move(all));
  for (std::size_t i = 0; i < answers.size(); ++i) {
    EXPECT_EQ(answers[i].has_value(), i >= blocked) << i;
    if (!answers[i]) EXPECT_EQ(answers[i].error().code, error_code::unavailable);
  }
  EXPECT_LT(std::ranges::max(done), std::ranges::min(refused)) << "none waited for the lock";
  holder.roll_back();
}

// Writes to locked rows may hold all connections that writes have, but only as long as one waits for a lock.
TEST_F(waiting_test, who_waits_for_a_lock_leaves_its_connection_to_others_in_between) {
  auto with = settings();
  with.connections = 2;  // one for writes
  with.lock_limit = 1s;
  const auto driver = open(with);
  ASSERT_TRUE(insert(*driver, "locked"));
  mysql_connection holder(settings());
  holder.begin();
  execute(holder, "UPDATE note SET text = 'held' WHERE id = 1");
  std::vector<awaitable<result<void>>> all;
  all.push_back(driver->write("update", [](connection& on) -> result<void> {
    execute(on, "UPDATE note SET text = 'mine' WHERE id = 1");
    return {};
  }));
  all.push_back(add_and_let_go(*driver, holder));
  for (const auto& answer : run_together(std::move(all))) EXPECT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(database_.ask("SELECT text FROM note WHERE id = 1"), "mine");
}

TEST_F(waiting_test, what_finds_no_connection_is_done_by_those_who_have_one) {
  database_.run("DROP USER IF EXISTS limited");
  database_.run("CREATE USER limited IDENTIFIED BY 'plain' WITH MAX_USER_CONNECTIONS 2");
  database_.run("GRANT SELECT, INSERT, UPDATE, DELETE ON " + database_.name() + ".* TO limited");
  auto with = plain();
  with.user = "limited";
  with.connections = 12;
  const auto driver = open(with);
  std::vector<awaitable<result<void>>> all;
  for (int i = 0; i < 60; ++i) all.push_back(i % 2 == 0 ? look(*driver) : add(*driver));
  const auto start = steady_clock::now();
  for (const auto& answer : run_together(std::move(all))) EXPECT_TRUE(answer) << answer.error().message;
  EXPECT_LT(steady_clock::now() - start, with.transaction_limit);
  EXPECT_EQ(count(), "30");
}

TEST_F(waiting_test, what_nobody_waits_for_any_more_is_not_begun) {
  mysql_pool pool("notes", settings());
  int runs = 0;
  mysql_transaction::work what = [&](connection&) {
    ++runs;
    return true;
  };
  std::binary_semaphore answered(0);
  mysql_job job;
  job.what = {.operation = "look", .what = &what};
  job.still_wanted = [] {
    return false;
  };
  job.resume = [&] {
    answered.release();
  };
  pool.submit(job);
  answered.acquire();
  EXPECT_EQ(runs, 0);
  EXPECT_FALSE(job.outcome);
}

// SHOW GRANTS tells its columns when it runs on MySQL 9, CHECK TABLE on MariaDB (MySQL does not prepare it).
TEST_F(waiting_test, columns_are_taken_from_the_answer_where_preparing_gave_none) {
  mysql_connection on(settings());
  query version(on, "SELECT VERSION()");
  ASSERT_TRUE(version.next());
  const bool mariadb = version.text(0).contains("MariaDB");
  query row(on, mariadb ? "CHECK TABLE note" : "SHOW GRANTS");
  ASSERT_TRUE(row.next());
  if (mariadb) {
    EXPECT_EQ(row.string(3), "OK");
  } else {
    EXPECT_THAT(row.string(0), testing::StartsWith("GRANT "));
  }
}

}  // namespace
}  // namespace dossier::stores::sql
