// What runs well: values, transactions, the line for a connection.
#include <latch>
#include <set>
#include <thread>
#include <tuple>

#include "mysql_test.h"

namespace dossier::stores::sql {
namespace {

class mysql_driver_test : public mysql_test {};

TEST_F(mysql_driver_test, keeps_every_kind_of_value) {
  database_.run("CREATE TABLE kinds (number BIGINT, text TEXT CHARACTER SET utf8mb4, bytes VARBINARY(40))");
  const auto driver = open(settings());
  const std::string text = "Zoë 😀 𝒳 ' \" \\ % _ \n";
  const auto bytes = base::sha256_of("x");
  run(driver->write("insert", [&](connection& on) -> result<void> {
    execute(on, "INSERT INTO kinds VALUES (?, ?, ?)", std::numeric_limits<std::int64_t>::min(), text, bytes);
    auto& none = on.prepare("INSERT INTO kinds VALUES (?, ?, ?)");
    for (int i = 1; i <= 3; ++i) none.bind_null(i);
    none.step();
    none.reset();
    return {};
  })).value();
  run(driver->read("look", [&](connection& on) -> result<void> {
    query rows(on, "SELECT number, text, bytes FROM kinds ORDER BY number DESC");
    EXPECT_TRUE(rows.next());
    EXPECT_EQ(rows.integer(0), std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(rows.text(1), text);
    EXPECT_EQ(rows.digest(2), bytes);
    EXPECT_TRUE(rows.next());
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(rows.is_null(i));
    EXPECT_EQ(rows.integer(0), 0);
    EXPECT_EQ(rows.text(1), "");
    EXPECT_FALSE(rows.next());
    return {};
  })).value();
}

TEST_F(mysql_driver_test, a_text_of_any_length_is_read_whole) {
  database_.run("CREATE TABLE large (id INT, text LONGTEXT CHARACTER SET utf8mb4)");
  const auto driver = open(settings());
  const std::size_t lengths[] = {0, 1, 255, 256, 257, 100'000, 3, 3'000'000, 70};
  run(driver->write("insert", [&](connection& on) -> result<void> {
    for (int i = 0; const auto length : lengths) {
      ++i;
      execute(on, "INSERT INTO large VALUES (?, ?)", i, std::string(length, static_cast<char>('a' + i)));
    }
    return {};
  })).value();
  run(driver->read("look", [&](connection& on) -> result<void> {
    query rows(on, "SELECT text FROM large ORDER BY id");
    for (int i = 0; const auto length : lengths) {
      EXPECT_TRUE(rows.next());
      ++i;
      EXPECT_EQ(rows.text(0), std::string(length, static_cast<char>('a' + i)));
    }
    return {};
  })).value();
}

TEST_F(mysql_driver_test, counts_the_rows_that_were_met_not_those_that_changed) {
  const auto driver = open(settings());
  ASSERT_TRUE(insert(*driver, "same"));
  run(driver->write("update", [](connection& on) -> result<void> {
    EXPECT_EQ(execute(on, "UPDATE note SET text = 'same' WHERE text = ?", "same"), 1);
    EXPECT_EQ(execute(on, "UPDATE note SET text = 'same' WHERE text = ?", "other"), 0);
    return {};
  })).value();
}

TEST_F(mysql_driver_test, what_does_not_fit_is_refused_not_cut) {
  const auto driver = open(settings());
  const auto answer = insert(*driver, std::string(201, 'x'));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, error_code::internal);
  EXPECT_EQ(count(), "0");
}

TEST_F(mysql_driver_test, a_transaction_that_writes_sees_what_others_committed_meanwhile) {
  const auto driver = open(settings());
  run(driver->write("look", [&](connection& on) -> result<void> {
    const auto rows = [&] {
      query row(on, "SELECT COUNT(*) FROM note");
      row.next();
      return row.integer(0);
    };
    EXPECT_EQ(rows(), 0);
    database_.run("INSERT INTO note (text) VALUES ('meanwhile')");
    EXPECT_EQ(rows(), 1);
    return {};
  })).value();
}

TEST_F(mysql_driver_test, sessions_are_in_utc_and_compare_texts_as_they_are) {
  mysql_connection on(settings());
  query row(on, "SELECT @@session.time_zone, 'a' = 'A', 'a' = 'ä', NOW() = UTC_TIMESTAMP()");
  ASSERT_TRUE(row.next());
  EXPECT_EQ(row.text(0), "+00:00");
  EXPECT_FALSE(row.truth(1));
  EXPECT_FALSE(row.truth(2));
  EXPECT_TRUE(row.truth(3));
}

TEST_F(mysql_driver_test, a_function_that_answers_an_error_leaves_nothing) {
  const auto driver = open(settings());
  const auto answer = run(driver->write("insert", [](connection& on) -> result<void> {
    execute(on, "INSERT INTO note (text) VALUES ('x')");
    return base::fail(error_code::conflict, "no");
  }));
  EXPECT_EQ(answer.error().code, error_code::conflict);
  EXPECT_EQ(count(), "0");
}

TEST_F(mysql_driver_test, a_function_that_throws_leaves_nothing_and_the_connection_is_fit_for_use) {
  auto with = settings();
  with.connections = 1;
  const auto driver = open(with);
  const auto insert_and_throw = [](connection& on) -> result<void> {
    execute(on, "INSERT INTO note (text) VALUES ('x')");
    throw std::logic_error("a bug");
  };
  EXPECT_THROW(std::ignore = run(driver->write("insert", insert_and_throw)), std::logic_error);
  ASSERT_TRUE(insert(*driver, "y"));
  EXPECT_EQ(count(), "1");
}

TEST_F(mysql_driver_test, a_read_of_one_statement_is_one_message) {
  const fakes::tcp_proxy proxy(database_.server().port());
  const auto driver = open(through(proxy));
  const auto look = [&] {
    return run(driver->read("look", [](connection& on) -> result<std::int64_t> {
      query row(on, "SELECT COUNT(*) FROM note");
      row.next();
      return row.integer(0);
    }));
  };
  ASSERT_EQ(look(), 0);
  const int before = proxy.messages();
  ASSERT_EQ(look(), 0);
  EXPECT_EQ(proxy.messages() - before, 1);
}

TEST_F(mysql_driver_test, a_read_of_several_statements_sees_one_state) {
  const auto driver = open(settings());
  int runs = 0;
  const auto look = [&] {
    return run(
        driver->read("look_twice", [&](connection& on) -> result<std::pair<std::int64_t, std::int64_t>> {
          ++runs;
          const auto ask = [&](const char* sql) {
            query row(on, sql);
            row.next();
            return row.integer(0);
          };
          const auto first = ask("SELECT COUNT(*) FROM note");
          database_.run("INSERT INTO note (text) VALUES ('meanwhile')");
          return std::pair(first, ask("SELECT COUNT(*) + 0 FROM note"));
        }));
  };
  for (int i = 0; i < 3; ++i) {
    const auto seen = look();
    ASSERT_TRUE(seen);
    EXPECT_EQ(seen->first, seen->second);
  }
  EXPECT_LE(runs, 2 + 2 + 2) << "each connection learns once that this read needs a transaction";
}

TEST_F(mysql_driver_test, a_statement_that_takes_too_long_is_given_up) {
  auto with = settings();
  with.statement_limit = 300ms;
  with.network_limit = 60s;
  const auto driver = open(with);
  const auto start = std::chrono::steady_clock::now();
  const auto answer = run(driver->read("slow", [](connection& on) -> result<void> {
    query row(on,
              "SELECT COUNT(*) FROM information_schema.collations a, information_schema.collations b, "
              "information_schema.collations c, information_schema.collations d");
    row.next();
    return {};
  }));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, error_code::unavailable);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 20s);
  EXPECT_TRUE(insert(*driver, "after it"));
}

result<void> count_for_long(connection& on) {
  query row(on,
            "SELECT COUNT(*) FROM information_schema.collations a, information_schema.collations b, "
            "information_schema.collations c, information_schema.collations d");
  row.next();
  return {};
}

TEST_F(mysql_driver_test, a_long_read_that_takes_more_than_any_may_is_told_to_ask_for_less) {
  auto with = settings();
  with.statement_limit = 300ms;
  with.network_limit = 60s;
  const auto driver = open(with);
  const auto answer = run(driver->read_in_turn("search", {}, count_for_long));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, error_code::invalid);
  EXPECT_FALSE(answer.error().retry_after);
  EXPECT_EQ(driver->reads().running, 0u);
}

TEST_F(mysql_driver_test, long_reads_leave_connections_to_the_others) {
  auto with = settings();
  with.connections = 5;  // one is kept for writes
  with.long_reads = {.places = 2, .lengthy = 2, .wait = 60s};
  with.statement_limit = 2s;
  with.network_limit = 60s;
  const auto driver = open(with);
  std::vector<awaitable<result<void>>> all;
  const auto start = std::chrono::steady_clock::now();
  auto answered = start;
  for (int i = 0; i < 4; ++i) {
    all.push_back(driver->read_in_turn("search", {.name = std::to_string(i)}, count_for_long));
  }
  all.push_back(driver->read("look", [&](connection& on) -> result<void> {
    session_of(on);
    answered = std::chrono::steady_clock::now();
    return {};
  }));
  const auto answers = run_together(std::move(all));
  EXPECT_TRUE(answers.back());
  EXPECT_LT(answered - start, (std::chrono::steady_clock::now() - start) / 2) << "it waited for no search";
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(answers.at(static_cast<std::size_t>(i)).error().code, error_code::invalid);
}

TEST_F(mysql_driver_test, a_long_read_whose_caller_has_left_does_not_run) {
  const auto driver = open(settings());
  std::stop_source gone;
  gone.request_stop();
  bool ran = false;
  const base::caller who{.name = "a", .watch = [gone] {
                           return gone.get_token();
                         }};
  const auto answer = run(driver->read_in_turn("search", who, [&](connection&) -> result<void> {
    ran = true;
    return {};
  }));
  EXPECT_FALSE(answer);
  EXPECT_FALSE(ran);
}

TEST_F(mysql_driver_test, a_server_with_too_many_prepared_statements_is_asked_again) {
  auto with = settings();
  with.connections = 1;
  const auto driver = open(with);
  ASSERT_TRUE(insert(*driver, "one"));
  const auto before = database_.ask("@@global.max_prepared_stmt_count");
  database_.run("SET GLOBAL max_prepared_stmt_count = 2");
  const auto answer = run(driver->write("several", [](connection& on) -> result<void> {
    execute(on, "INSERT INTO note (text) VALUES ('two')");
    return {};
  }));
  database_.run("SET GLOBAL max_prepared_stmt_count = " + before);
  EXPECT_TRUE(answer) << "its own were let go to make room";
  EXPECT_EQ(count(), "2");
}

TEST_F(mysql_driver_test, a_table_may_be_changed_under_prepared_statements) {
  auto with = settings();
  with.connections = 1;
  const auto driver = open(with);
  const auto look = [&] {
    return run(driver->read("look", [](connection& on) -> result<std::string> {
      query row(on, "SELECT text FROM note ORDER BY id LIMIT 1");
      return row.next() ? row.string(0) : "";
    }));
  };
  ASSERT_TRUE(insert(*driver, "one"));
  ASSERT_EQ(look(), "one");
  database_.run("ALTER TABLE note ADD COLUMN more INT NOT NULL DEFAULT 7, MODIFY text LONGTEXT NOT NULL");
  EXPECT_EQ(look(), "one");
  EXPECT_TRUE(insert(*driver, "two"));
}

TEST_F(mysql_driver_test, one_after_another_uses_few_connections) {
  auto with = settings();
  with.connections = 32;
  const auto driver = open(with);
  std::set<std::int64_t> sessions;
  for (unsigned i = 0; i < with.connections; ++i) {
    sessions.insert(run(driver->read("look", [](connection& on) -> result<std::int64_t> {
                      return session_of(on);
                    })).value());
  }
  // One would do, but a caller may ask again before the thread that answered it is back.
  EXPECT_LE(sessions.size(), with.connections / 2);
}

TEST_F(mysql_driver_test, the_line_is_bounded_in_length_and_in_time) {
  auto with = settings();
  with.connections = 1;
  with.waiting = 2;
  with.wait_limit = 150ms;
  const auto driver = open(with);
  std::latch busy(1);
  std::latch go_on(1);
  const auto hold = [&](connection&) -> result<void> {
    busy.count_down();
    go_on.wait();
    return {};
  };
  std::jthread holder([&] { EXPECT_TRUE(run(driver->write("hold", hold))); });
  busy.wait();
  std::vector<awaitable<result<void>>> others;
  for (int i = 0; i < 3; ++i) {
    others.push_back(driver->write("wait", [](connection&) -> result<void> { return {}; }));
  }
  const auto start = std::chrono::steady_clock::now();
  const auto answers = run_together(std::move(others));
  EXPECT_LT(std::chrono::steady_clock::now() - start, 20s);
  for (const auto& answer : answers) {
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, error_code::unavailable);
    EXPECT_TRUE(answer.error().retry_after);
  }
  go_on.count_down();
  holder.join();
  EXPECT_TRUE(insert(*driver, "and then it goes on"));
}

TEST_F(mysql_driver_test, stopping_refuses_those_who_wait) {
  auto with = settings();
  with.connections = 1;
  const auto driver = open(with);
  std::latch busy(1);
  std::latch go_on(1);
  std::jthread holder([&] {
    EXPECT_TRUE(run(driver->write("hold", [&](connection&) -> result<void> {
      busy.count_down();
      go_on.wait();
      return {};
    }))) << "what runs may end";
  });
  busy.wait();
  asio::io_context loop(1);
  std::optional<result<void>> answer;
  asio::co_spawn(loop, driver->write("wait", [](connection&) -> result<void> { return {}; }),
                 [&](const std::exception_ptr&, result<void> got) { answer = std::move(got); });
  loop.poll();
  driver->stop();
  loop.run();
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->error().code, error_code::unavailable);
  EXPECT_FALSE(insert(*driver, "no more")) << "and those who come";
  go_on.count_down();
}

}  // namespace
}  // namespace dossier::stores::sql
