// Which transaction goes next in the line for the database. The test sets the time.
#include <gtest/gtest.h>

#include "stores/sql/mysql/mysql_line.h"

namespace dossier::stores::sql {
namespace {

using namespace std::chrono_literals;
using lateness = mysql_line::lateness;

class mysql_line_test : public testing::Test {
 protected:
  mysql_line_test() { line_.connections(1); }
  static mysql_job read() { return mysql_job{.what = {.operation = "read"}}; }
  static mysql_job write(std::uint64_t row = 0) {
    return mysql_job{.what = {.operation = "write", .writes = true}, .row = {row}};
  }

  mysql_settings options_{.connections = 8};
  mysql_line line_{options_};
  mysql_line::time now_ = mysql_line::time() + 1h;
};

TEST_F(mysql_line_test, leaves_connections_to_reads_and_to_writes) {
  std::vector<mysql_job> jobs;
  for (int i = 0; i < 8; ++i) jobs.push_back(write());
  for (int i = 0; i < 8; ++i) jobs.push_back(read());
  for (auto& one : jobs) line_.add(one, now_);
  int writes = 0;
  int reads = 0;
  for (int i = 0; i < 8; ++i) {
    const auto* next = line_.take(now_, true);
    ASSERT_NE(next, nullptr);
    ++(next->what.writes ? writes : reads);
  }
  EXPECT_EQ(writes, 6);
  EXPECT_EQ(reads, 2);
}

TEST_F(mysql_line_test, lets_one_at_a_time_go_to_a_row) {
  auto first = write(7);
  auto second = write(7);
  auto other = write(8);
  for (auto* one : {&first, &second, &other}) line_.add(*one, now_);
  EXPECT_EQ(line_.take(now_, true), &first);
  EXPECT_EQ(line_.take(now_, true), &other);
  EXPECT_FALSE(line_.has_work(now_, true));
  line_.done(first);
  EXPECT_EQ(line_.take(now_, true), &second);
}

TEST_F(mysql_line_test, holds_back_what_is_tried_again_until_its_time) {
  auto one = write();
  one.what.attempts = 1;
  one.what.give_up = now_ + 10s;
  line_.add_again(one, now_ + 100ms);
  EXPECT_EQ(line_.take(now_ + 99ms, true), nullptr);
  EXPECT_EQ(line_.next_event(now_), now_ + 100ms);
  EXPECT_EQ(line_.take(now_ + 100ms, true), &one);
}

TEST_F(mysql_line_test, lets_one_write_in_a_while_try_a_database_that_is_read_only) {
  auto first = write();
  auto second = write();
  auto reader = read();
  line_.read_only(now_);
  for (auto* one : {&first, &second, &reader}) line_.add(*one, now_);
  EXPECT_EQ(line_.take(now_, true), &reader);
  EXPECT_EQ(line_.take(now_, true), nullptr);
  EXPECT_EQ(line_.take(now_ + 300ms, true), &first);
  EXPECT_EQ(line_.take(now_ + 900ms, true), nullptr) << "one at a time";
  line_.done(first);
  line_.took_write();
  EXPECT_EQ(line_.take(now_ + 900ms, true), &second);
}

TEST_F(mysql_line_test, tells_who_waits_for_a_time) {
  auto one = write();
  auto other = read();
  line_.add(one, now_);
  line_.add(other, now_);
  EXPECT_FALSE(line_.waits_for_a_time(one, now_));
  line_.read_only(now_);
  EXPECT_TRUE(line_.waits_for_a_time(one, now_));
  EXPECT_FALSE(line_.waits_for_a_time(other, now_));
  line_.took_write();
  EXPECT_FALSE(line_.waits_for_a_time(one, now_));
  line_.no_connection(now_);
  EXPECT_TRUE(line_.waits_for_a_time(other, now_));
  line_.connection();
  EXPECT_FALSE(line_.waits_for_a_time(other, now_));
}

TEST_F(mysql_line_test, tells_writes_within_five_seconds_that_they_are_refused) {
  auto one = write();
  one.came = now_;
  one.what.attempts = 3;
  one.what.give_up = now_ + 12s;
  line_.read_only(now_);
  line_.add_again(one, now_ + 1s);
  EXPECT_FALSE(line_.take_late(now_ + 3'999ms));
  const auto late = line_.take_late(now_ + 4'000ms);
  ASSERT_TRUE(late);
  EXPECT_EQ(late->job, &one);
  EXPECT_EQ(late->why, lateness::read_only);
}

TEST_F(mysql_line_test, refuses_writes_at_once_when_they_were_refused_for_long) {
  const auto one = write();
  const auto reader = read();
  line_.read_only(now_);
  EXPECT_FALSE(line_.refuses(one, now_ + 100ms)) << "it may pass";
  line_.read_only(now_ + 5s);
  EXPECT_TRUE(line_.refuses(one, now_ + 5'100ms));
  EXPECT_FALSE(line_.refuses(reader, now_ + 5'100ms));
  EXPECT_FALSE(line_.refuses(one, now_ + 6s)) << "somebody has to try";
}

TEST_F(mysql_line_test, leaves_the_work_to_who_is_connected_when_no_more_connections_can_be_had) {
  auto one = read();
  line_.add(one, now_);
  line_.no_connection(now_);
  EXPECT_FALSE(line_.has_work(now_ + 100ms, false));
  EXPECT_TRUE(line_.has_work(now_ + 100ms, true));
  EXPECT_TRUE(line_.has_work(now_ + 2s, false)) << "perhaps there are some now";
  line_.connections(0);
  EXPECT_TRUE(line_.has_work(now_ + 100ms, false)) << "nobody else would do it";
}

TEST_F(mysql_line_test, gives_up_who_waited_too_long_and_says_why) {
  auto fresh = read();
  auto tried = read();
  tried.what.attempts = 2;
  tried.what.give_up = now_ + 12s;
  line_.add(fresh, now_);
  line_.add_again(tried, now_);
  EXPECT_EQ(line_.take_late(now_ + 5s)->why, lateness::busy);
  EXPECT_FALSE(line_.take_late(now_ + 11s));
  EXPECT_EQ(line_.take_late(now_ + 12s)->why, lateness::tried);
  EXPECT_FALSE(line_.next_event(now_));
}

}  // namespace
}  // namespace dossier::stores::sql
