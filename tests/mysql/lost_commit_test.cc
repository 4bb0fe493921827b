// Commits whose answer never came: a transaction that was committed is answered as such, one that was not is
// run again, and nothing happens twice.
#include "mysql_test.h"
#include "stores/sql/mysql/mysql_commit.h"

namespace dossier::stores::sql {
namespace {

using fakes::tcp_proxy;

class lost_commit_test : public mysql_test {
 protected:
  lost_commit_test() : proxy_(database_.server().port()), driver_(open(through(proxy_))) {}

  result<int> insert_counting_runs() {
    return run(driver_->write("insert", [this](connection& on) -> result<int> {
      execute(on, "INSERT INTO note (text) VALUES ('x')");
      return ++runs_;
    }));
  }

  tcp_proxy proxy_;
  std::unique_ptr<mysql_driver> driver_;
  int runs_ = 0;
};

TEST_F(lost_commit_test, one_that_happened_is_answered_and_not_repeated) {
  proxy_.break_at("; COMMIT", tcp_proxy::breaking::after);
  EXPECT_EQ(insert_counting_runs(), 1);
  EXPECT_TRUE(proxy_.has_broken());
  EXPECT_EQ(count(), "1");
}

TEST_F(lost_commit_test, one_that_never_arrived_is_run_again) {
  proxy_.break_at("; COMMIT", tcp_proxy::breaking::before);
  EXPECT_EQ(insert_counting_runs(), 2);
  EXPECT_TRUE(proxy_.has_broken());
  EXPECT_EQ(count(), "1");
  EXPECT_EQ(tokens(false), "1") << "it was kept from happening later";
}

TEST_F(lost_commit_test, one_whose_server_still_waits_for_it_is_ended_and_run_again) {
  // The first attempt keeps this row locked until the server ends its session.
  ASSERT_TRUE(insert(*driver_, "counter"));
  proxy_.break_at("; COMMIT", tcp_proxy::breaking::client_only);
  const auto answer = run(driver_->write("update", [this](connection& on) -> result<void> {
    ++runs_;
    execute(on, "UPDATE note SET text = CONCAT(text, '+') WHERE id = 1");
    return {};
  }));
  EXPECT_TRUE(answer);
  EXPECT_EQ(runs_, 2);
  EXPECT_EQ(database_.ask("SELECT text FROM note WHERE id = 1"), "counter+");
}

TEST_F(lost_commit_test, the_begin_of_a_transaction_is_simply_repeated) {
  ASSERT_TRUE(insert_counting_runs());
  proxy_.break_at("START TRANSACTION", tcp_proxy::breaking::after);
  EXPECT_EQ(insert_counting_runs(), 2);
  EXPECT_EQ(count(), "2");
  EXPECT_EQ(tokens(false), "0") << "nothing was sent that could have happened";
}

TEST_F(lost_commit_test, what_changed_nothing_needs_no_token) {
  const auto answer = run(driver_->write("nothing", [](connection& on) -> result<void> {
    execute(on, "UPDATE note SET text = 'y' WHERE id = 1234");
    return {};
  }));
  EXPECT_TRUE(answer);
  EXPECT_EQ(tokens(true), "0");
  ASSERT_TRUE(insert(*driver_, "x"));
  EXPECT_EQ(tokens(true), "1");
}

TEST_F(lost_commit_test, a_late_commit_finds_the_way_barred) {
  mysql_connection late(settings());
  const auto token = make_commit_token(late.server_time_ms());
  late.begin();
  execute(late, "INSERT INTO note (text) VALUES ('late')");
  mysql_connection other(settings());
  // This is not the session's own number, so nothing ends it.
  EXPECT_EQ(look_for_commit(other, {token, 4'000'000'000}), commit_fate::not_committed);
  EXPECT_EQ(look_for_commit(other, {token, 4'000'000'000}), commit_fate::not_committed) << "asked again";
  EXPECT_THROW(late.commit_with(token.hex), mysql_connection::commit_failed_early);
  late.roll_back();
  EXPECT_EQ(count(), "0");
}

TEST_F(lost_commit_test, a_token_too_old_to_be_kept_says_nothing) {
  mysql_connection on(settings());
  const auto token = make_commit_token(on.server_time_ms() - std::chrono::milliseconds(61min).count());
  EXPECT_EQ(look_for_commit(on, {token, 4'000'000'000}), commit_fate::unknown);
}

TEST_F(lost_commit_test, tokens_are_forgotten_by_age) {
  mysql_connection on(settings());
  for (const auto age : {0min, 90min, 121min, 100'000min}) {
    const auto token = make_commit_token(on.server_time_ms() - std::chrono::milliseconds(age).count());
    execute(on, "INSERT INTO commit_token (token, committed) VALUES (UNHEX(?), 1)", token.hex);
  }
  EXPECT_FALSE(forget_commit_tokens(on));
  EXPECT_EQ(tokens(true), "2");
}

// There are more than one batch deletes: a database that is always written to must not always grow.
TEST_F(lost_commit_test, tokens_of_a_busy_time_are_forgotten_without_waiting) {
  mysql_connection on(settings());
  const auto old = on.server_time_ms() - std::chrono::milliseconds(121min).count();
  std::string sql = "INSERT INTO commit_token VALUES ";
  for (int i = 0; i < 12'000; ++i) {
    sql += (i == 0 ? "(x'" : ", (x'") + make_commit_token(old + i % 1'000).hex + "', 1)";
  }
  on.run_script(sql);
  mysql_shared_state common("notes", settings());
  mysql_runner runner(common);
  const auto nothing_and_tidy = [&] {
    mysql_runner::work nothing = [](connection&) {
      return true;
    };
    mysql_transaction one{.operation = "nothing", .writes = true, .what = &nothing};
    EXPECT_EQ(runner.attempt(one).how, mysql_runner::outcome::done);
    runner.tidy();
  };
  nothing_and_tidy();
  EXPECT_EQ(tokens(true), "12000") << "not yet time for it";
  common.tidy_again();  // as if the minute had passed
  for (int transactions = 0; transactions < 3; ++transactions) nothing_and_tidy();
  EXPECT_EQ(tokens(true), "0");
  EXPECT_FALSE(common.is_time_to_tidy()) << "all are gone: in a minute";
}

// One of `callers`: each of their transactions after the other.
awaitable<result<void>> count_one_after_another(driver& on, int caller, int callers,
                                                std::vector<result<void>>& answers) {
  for (std::size_t i = static_cast<std::size_t>(caller); i < answers.size();
       i += static_cast<std::size_t>(callers)) {
    answers[i] = co_await on.write("count", [i](connection& c) -> result<void> {
      execute(c, "INSERT INTO note (text) VALUES (?)", "n" + std::to_string(i));
      // Every transaction locks this row: a session that only seems gone would block all of them.
      execute(c, "UPDATE note SET text = CONCAT(text, '+') WHERE id = 1");
      return {};
    });
  }
  co_return result<void>();
}

// Connections break anywhere, in any way, all the time.
TEST_F(lost_commit_test, nothing_acknowledged_is_lost_and_nothing_happens_twice) {
  auto with = through(proxy_);
  with.connections = 4;
  with.lock_limit = 1s;
  const auto driver = open(with);
  ASSERT_TRUE(insert(*driver, "counter"));
  proxy_.break_one_in(20);
  // So few at a time that none is refused because it waited too long for the row.
  constexpr int callers = 8;
  constexpr int transactions = 13 * callers;
  std::vector<result<void>> answers(transactions, base::fail(error_code::internal, "it never ended"));
  std::vector<awaitable<result<void>>> all;
  for (int caller = 0; caller < callers; ++caller)
    all.push_back(count_one_after_another(*driver, caller, callers, answers));
  for (const auto& ended : run_together(std::move(all))) EXPECT_TRUE(ended);
  proxy_.break_one_in(0);
  int acknowledged = 0;
  for (int i = 0; i < transactions; ++i) {
    const auto rows = database_.ask("SELECT COUNT(*) FROM note WHERE text = 'n" + std::to_string(i) + "'");
    if (answers[static_cast<std::size_t>(i)]) {
      ++acknowledged;
      EXPECT_EQ(rows, "1") << i;
    } else {
      EXPECT_TRUE(rows == "0" || rows == "1") << i << " is there " << rows << " times";
      std::cerr << answers[static_cast<std::size_t>(i)].error().message << "\n";
    }
  }
  EXPECT_GT(acknowledged, transactions / 2) << "most survive all that";
  EXPECT_EQ(database_.ask("SELECT COUNT(*) - 1 FROM note"),
            database_.ask("SELECT LENGTH(text) - LENGTH('counter') FROM note WHERE id = 1"))
      << "each transaction happened wholly";
}

TEST_F(lost_commit_test, a_session_that_only_seems_gone_is_in_nobodys_way) {
  auto with = through(proxy_);
  with.lock_limit = with.statement_limit = with.transaction_limit = 30s;
  with.network_limit = 60s;
  const auto driver = open(with);
  ASSERT_TRUE(insert(*driver, "row"));
  const auto start = std::chrono::steady_clock::now();
  const auto answer = run(driver->write("update", [this](connection& on) -> result<void> {
    if (++runs_ == 1) {
      execute(on, "UPDATE note SET text = CONCAT(text, '+') WHERE id = 1");
      proxy_.break_at("SELECT 'cut here'", tcp_proxy::breaking::client_only);
    } else {
      execute(on, "UPDATE note SET text = CONCAT(text, '-') WHERE id = 1");
    }
    query row(on, "SELECT 'cut here'");
    row.next();
    return {};
  }));
  EXPECT_TRUE(answer);
  EXPECT_EQ(runs_, 2);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 15s) << "less than a lock is waited for";
  EXPECT_EQ(database_.ask("SELECT text FROM note WHERE id = 1"), "row-");
}

// The database stays away while the commit is looked up: nothing is claimed that is not known.
class undecided_commit_test : public lost_commit_test {
 protected:
  // Breaks a commit off in this way, with no database to ask what became of it; then checks the answer.
  void break_and_look_in_vain(tcp_proxy::breaking how) {
    proxy_.break_at("; COMMIT", how, tcp_proxy::afterwards::refuse);
    std::jthread stop([this] {
      while (!proxy_.has_broken()) std::this_thread::sleep_for(1ms);
      driver_->stop();  // otherwise it looks for much longer
    });
    const auto answer = insert_counting_runs();
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, error_code::unavailable);
    EXPECT_TRUE(answer.error().message.contains("not known yet")) << answer.error().message;
    EXPECT_TRUE(answer.error().retry_after);
    EXPECT_EQ(runs_, 1) << "it may have happened";
  }
};

TEST_F(undecided_commit_test, that_happened_is_unavailable) {
  break_and_look_in_vain(tcp_proxy::breaking::after);
  EXPECT_EQ(count(), "1");
}

TEST_F(undecided_commit_test, that_did_not_happen_is_unavailable) {
  break_and_look_in_vain(tcp_proxy::breaking::before);
  EXPECT_EQ(count(), "0");
}

}  // namespace
}  // namespace dossier::stores::sql
