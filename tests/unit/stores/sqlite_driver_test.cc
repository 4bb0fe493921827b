#include "stores/sql/sqlite/sqlite_driver.h"

#include <time.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <optional>
#include <set>
#include <stop_token>
#include <thread>

#include "sqlite_driver_test.h"

namespace dossier::stores::sql {
namespace {

TEST_F(sqlite_driver_test, keeps_what_was_written_when_it_is_opened_again) {
  run(add(1)).value();
  open({});
  EXPECT_EQ(count(), 1);
}

TEST_F(sqlite_driver_test, rolls_back_what_answers_an_error) {
  const auto done = run(driver_->write("add", [](connection& on) -> result<void> {
    execute(on, "INSERT INTO note (id, text) VALUES (1, 'x')");
    return base::fail(error_code::conflict, "no");
  }));
  EXPECT_EQ(done.error().code, error_code::conflict);
  EXPECT_EQ(count(), 0);
}

TEST_F(sqlite_driver_test, one_that_fails_among_many_undoes_only_itself) {
  std::vector<result<void>> outcomes;
  asio::io_context loop(1);
  run(add(7)).value();
  for (int id = 0; id < 50; ++id) asio::co_spawn(loop, add_into(add(id), outcomes), asio::detached);
  loop.run();
  ASSERT_EQ(outcomes.size(), 50u);
  EXPECT_EQ(std::ranges::count_if(outcomes, [](const auto& one) { return !one; }), 1)
      << "7 was there already";
  EXPECT_EQ(count(), 50);
}

TEST_F(sqlite_driver_test, a_bug_in_a_write_reaches_its_caller_and_nobody_else) {
  const auto broken = [&] {
    run(driver_->write("broken", [](connection& on) -> result<void> {
      execute(on, "INSERT INTO note (id, text) VALUES (1, 'x')");
      throw std::logic_error("a bug");
    })).value();
  };
  EXPECT_THROW(broken(), std::logic_error);
  run(add(2)).value();
  EXPECT_EQ(count(), 1);
}

TEST_F(sqlite_driver_test, a_full_disk_is_no_space_and_recovers_by_itself) {
  const auto limit_pages = [&](int pages) {
    return run(driver_->write("limit", [pages](connection& on) -> result<void> {
      query row(on, pages == 0 ? "PRAGMA max_page_count = 1000000" : "PRAGMA max_page_count = 1");
      row.next();
      return {};
    }));
  };
  limit_pages(1).value();
  const auto grow = [&] {
    return run(driver_->write("grow", [](connection& on) -> result<void> {
      execute(on, "INSERT INTO note (text) VALUES (?)", std::string(1'000'000, 'x'));
      return {};
    }));
  };
  const auto full = grow();
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().code, error_code::no_space);
  EXPECT_EQ(count(), 0) << "reads go on";
  limit_pages(0).value();
  EXPECT_TRUE(grow());
  EXPECT_EQ(count(), 1);
}

TEST_F(sqlite_driver_test, a_read_cannot_write) {
  const auto done = run(driver_->read("sly", [](connection& on) -> result<void> {
    execute(on, "INSERT INTO note (id, text) VALUES (1, 'x')");
    return {};
  }));
  EXPECT_EQ(done.error().code, error_code::unavailable);
  EXPECT_EQ(count(), 0);
}

// Counts up to `end`, which may take longer than any limit allows.
result<std::int64_t> count_to(connection& on, std::int64_t end) {
  query row(
      on, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT MAX(i) FROM n",
      end);
  row.next();
  return row.integer(0);
}

result<std::int64_t> count_for_ever(connection& on) {
  return count_to(on, 1LL << 60);
}

std::chrono::nanoseconds used_by_this_thread() {
  timespec used{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

// The answer is not `unavailable`, because asking again would not help.
TEST_F(sqlite_driver_test, a_read_that_takes_more_than_any_may_is_given_up_and_others_go_on) {
  open({.slow_read = 50ms, .patience = 1'000});
  auto done = run(driver_->read("endless", count_for_ever));
  // A machine that is too busy answers `unavailable` instead.
  for (int tries = 0; tries < 50 && !done && done.error().code == error_code::unavailable; ++tries) {
    done = run(driver_->read("endless", count_for_ever));
  }
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, error_code::invalid);
  EXPECT_FALSE(done.error().retry_after);
  EXPECT_EQ(count(), 0);
}

TEST_F(sqlite_driver_test, a_loop_is_held_for_some_milliseconds_at_most) {
  EXPECT_LE(sqlite_limits{}.inline_read, 5ms);
  open({.slow_read = 500ms, .patience = 1'000});
  const auto before = used_by_this_thread();
  EXPECT_FALSE(run(driver_->read("endless", count_for_ever)));
  EXPECT_LT(used_by_this_thread() - before, 25ms) << "of 500";
}

TEST_F(sqlite_driver_test, a_read_in_turn_never_runs_on_the_loop) {
  std::set<std::thread::id> threads;
  const auto done = run(driver_->read_in_turn("search", {}, [&](connection& on) {
    threads.insert(std::this_thread::get_id());
    return count_to(on, 10);
  }));
  EXPECT_EQ(done.value(), 10);
  EXPECT_FALSE(threads.contains(std::this_thread::get_id()));
}

awaitable<void> ask(awaitable<result<std::int64_t>> work, std::optional<result<std::int64_t>>& outcome) {
  outcome = co_await std::move(work);
}

// Runs a loop with reads that never end, until another read has its answer.
class beside_endless_reads : public sqlite_driver_test {
 protected:
  std::optional<result<std::int64_t>>& start(const std::stop_source& who = {}) {
    auto& outcome = endless_.emplace_back();
    base::caller caller{.name = "endless", .watch = [who] {
                          return who.get_token();
                        }};
    asio::co_spawn(loop_, ask(driver_->read_in_turn("endless", caller, count_for_ever), outcome),
                   asio::detached);
    return outcome;
  }
  // Waits until no thread uses the loop any more.
  void TearDown() override {
    driver_->stop();
    driver_->end();
    loop_.restart();
    loop_.run();
  }
  void run_until(const std::function<bool()>& holds) {
    const auto limit = std::chrono::steady_clock::now() + 60s;
    while (!holds() && std::chrono::steady_clock::now() < limit) loop_.run_one_for(10ms);
    ASSERT_TRUE(holds());
  }

  asio::io_context loop_{1};
  std::deque<std::optional<result<std::int64_t>>> endless_;
};

TEST_F(beside_endless_reads, a_brief_one_has_its_answer) {
  open({.slow_read = 600s, .lane = {.places = 2, .lengthy = 1, .wait = 600s}});
  for (int i = 0; i < 5; ++i) start();
  std::optional<result<std::int64_t>> brief;
  base::caller other{.name = "other"};
  asio::co_spawn(
      loop_,
      ask(driver_->read_in_turn("brief", other, [](connection& on) { return count_to(on, 9); }), brief),
      asio::detached);
  run_until([&] { return brief.has_value(); });
  EXPECT_EQ(brief->value(), 9);
  driver_->stop();
  run_until([&] { return std::ranges::all_of(endless_, [](const auto& one) { return one.has_value(); }); });
}

TEST_F(beside_endless_reads, one_whose_caller_hangs_up_is_given_up_and_the_next_has_its_turn) {
  open({.slow_read = 600s, .lane = {.places = 2, .lengthy = 1, .wait = 600s}});
  std::stop_source first_caller, second_caller;
  auto& first = start(first_caller);
  run_until([&] { return driver_->reads().running == 1 && driver_->reads().waiting == 0; });
  auto& second = start(second_caller);
  first_caller.request_stop();
  run_until([&] { return first.has_value(); });
  EXPECT_FALSE(second);
  second_caller.request_stop();
  run_until([&] { return second.has_value(); });
  EXPECT_EQ(driver_->reads().running, 0u);
}

TEST_F(beside_endless_reads, all_end_when_it_is_stopped) {
  open({.slow_read = 600s, .lane = {.places = 2, .lengthy = 1, .wait = 600s}});
  for (int i = 0; i < 10; ++i) start();
  run_until([&] { return driver_->reads().running > 0; });
  driver_->stop();
  run_until([&] { return std::ranges::all_of(endless_, [](const auto& one) { return one.has_value(); }); });
  driver_->end();
  for (const auto& one : endless_) EXPECT_EQ((*one).error().code, error_code::unavailable);
  EXPECT_EQ(run(driver_->read_in_turn("late", {}, count_for_ever)).error().code, error_code::unavailable);
}

TEST_F(sqlite_driver_test, a_read_too_long_for_the_loop_is_answered_by_another_thread) {
  open({.inline_read = 1ms, .slow_read = 60s});
  std::set<std::thread::id> threads;
  const auto done = run(driver_->read("long", [&](connection& on) {
    threads.insert(std::this_thread::get_id());
    return count_to(on, 1'000'000);
  }));
  EXPECT_EQ(done.value(), 1'000'000);
  EXPECT_GE(threads.size(), 2u);
}

TEST_F(sqlite_driver_test, tells_its_observer_of_each_transaction) {
  seen_.clear();
  run(add(1)).value();
  EXPECT_FALSE(run(add(1)));
  count();
  EXPECT_EQ(seen_, (std::vector<std::string>{"notes.add", "notes.add failed", "notes.count"}));
}

TEST_F(sqlite_driver_test, two_processes_share_the_file) {
  sqlite_driver other("notes", file(), clock_, {});
  run(add(1)).value();
  fakes::run_sync(other.write("add", [](connection& on) -> result<void> {
    execute(on, "INSERT INTO note (id, text) VALUES (2, 'x')");
    return {};
  })).value();
  EXPECT_EQ(count(), 2);
}

TEST_F(sqlite_driver_test, its_clock_is_the_databases_clock) {
  const auto now = [&] {
    return run(driver_->read("now",
                             [](connection& on) -> result<std::int64_t> {
                               query row(on, "SELECT now_ms()");
                               row.next();
                               return row.integer(0);
                             }))
        .value();
  };
  const auto before = now();
  clock_.advance(90s);
  EXPECT_EQ(now() - before, 90'000);
}

TEST_F(sqlite_driver_test, many_shapes_of_statements_do_not_pile_up) {
  for (int i = 0; i < 500; ++i) {
    const auto sql = "SELECT " + std::to_string(i);
    const auto answer = run(driver_->read("shape", [&](connection& on) -> result<std::int64_t> {
      query row(on, sql);
      row.next();
      return row.integer(0);
    }));
    EXPECT_EQ(answer.value(), i);
  }
}

}  // namespace
}  // namespace dossier::stores::sql
