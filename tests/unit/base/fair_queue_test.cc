#include "base/fair_lane.h"

#include <deque>
#include <map>

#include <gtest/gtest.h>

namespace dossier::base {
namespace {

using namespace std::chrono_literals;

class fair_queue_test : public testing::Test {
 protected:
  fair_queue::entry* join(const std::string& name, bool lengthy = false) {
    entries_.push_back({.name = name, .lengthy = lengthy});
    return queue_.join(entries_.back());
  }
  fair_queue::entry& last() { return entries_.back(); }
  std::string next(bool lengthy_too = true) {
    auto* one = queue_.next(lengthy_too);
    return one ? one->name : "nobody";
  }
  void use(const std::string& name, std::chrono::milliseconds time) {
    join(name);
    ASSERT_EQ(next(), name);
    queue_.end(name, time);
  }

  fair_queue queue_{{.waiting = 8, .waiting_each = 4, .names = 16}};
  std::deque<fair_queue::entry> entries_;
};

TEST_F(fair_queue_test, who_came_first_is_next_among_equals) {
  for (const auto* name : {"a", "b", "c"}) EXPECT_EQ(join(name), nullptr);
  EXPECT_EQ(queue_.waiting(), 3u);
  EXPECT_EQ(next(), "a");
  EXPECT_EQ(next(), "b");
  EXPECT_EQ(next(), "c");
  EXPECT_EQ(next(), "nobody");
}

TEST_F(fair_queue_test, many_of_one_name_do_not_come_before_one_of_another) {
  for (int i = 0; i < 4; ++i) join("many");
  join("one");
  EXPECT_EQ(next(), "many");
  EXPECT_EQ(next(), "one") << "the other's first turn is still on";
  EXPECT_EQ(next(), "many");
}

TEST_F(fair_queue_test, who_used_less_is_next_however_many_wait_before) {
  for (const auto* name : {"x", "y", "z"}) use(name, 500ms);
  use("seldom", 5ms);
  for (const auto* name : {"x", "y", "z", "new", "seldom"}) join(name);
  EXPECT_EQ(next(), "seldom");
  EXPECT_EQ(next(), "new");
  EXPECT_EQ(next(), "x");
}

TEST_F(fair_queue_test, what_was_used_while_nobody_else_asked_is_not_held_against_anybody) {
  for (int i = 0; i < 100; ++i) use("alone", 50ms);
  for (const auto* name : {"x", "y", "z", "alone"}) join(name);
  for (const auto* name : {"x", "y", "z"}) {
    EXPECT_EQ(next(), name);
    queue_.end(name, 50ms);
    join(name);
  }
  EXPECT_EQ(next(), "alone");
}

TEST_F(fair_queue_test, who_has_not_asked_for_long_has_saved_nothing_up) {
  use("early", 5ms);
  for (int i = 0; i < 100; ++i) use("x", 50ms);
  for (int i = 0; i < 4; ++i) join("early"), join("x");
  std::map<std::string, int> turns;
  for (int i = 0; i < 4; ++i) {
    const auto name = next();
    ++turns[name];
    queue_.end(name, 50ms);
  }
  EXPECT_LE(turns["early"], 3);
}

TEST_F(fair_queue_test, ever_new_names_do_not_pass_who_waits) {
  use("seldom", 15ms);
  join("stranger 0");
  join("stranger 1");
  join("seldom");
  int passed = 0;
  for (std::string name = next(); name != "seldom"; name = next()) {
    queue_.end(name, 50ms);
    join("stranger " + std::to_string(++passed + 1));
    ASSERT_LT(passed, 10);
  }
}

TEST_F(fair_queue_test, those_who_always_ask_share_alike) {
  std::map<std::string, int> turns;
  for (const auto* name : {"x", "y", "z"}) join(name), join(name);
  for (int i = 0; i < 300; ++i) {
    const auto name = next();
    ++turns[name];
    queue_.end(name, 10ms);
    join(name);
  }
  for (const auto& [name, count] : turns) EXPECT_NEAR(count, 100, 2) << name;
}

TEST_F(fair_queue_test, one_name_may_fill_half_of_the_line_only) {
  for (int i = 0; i < 4; ++i) EXPECT_EQ(join("many"), nullptr);
  EXPECT_EQ(join("many"), &last());
  EXPECT_EQ(join("other"), nullptr);
  EXPECT_EQ(queue_.waiting(), 5u);
}

TEST_F(fair_queue_test, who_used_less_takes_the_place_of_who_used_most_in_a_full_line) {
  use("x", 500ms);
  use("y", 900ms);
  for (int i = 0; i < 4; ++i) join("x");
  for (int i = 0; i < 4; ++i) join("y");
  auto& last_of_y = last();
  EXPECT_EQ(join("seldom"), &last_of_y);
  EXPECT_EQ(queue_.waiting(), 8u);
  EXPECT_EQ(next(), "seldom");
  EXPECT_EQ(join("y"), nullptr) << "there is room again";
  EXPECT_EQ(join("y"), &last()) << "and now none for it";
}

TEST_F(fair_queue_test, a_full_line_of_strangers_refuses_the_next_of_their_kind) {
  for (int i = 0; i < 8; ++i) EXPECT_EQ(join("stranger " + std::to_string(i)), nullptr);
  EXPECT_EQ(join("another"), &last());
}

TEST_F(fair_queue_test, lengthy_ones_wait_until_they_may) {
  join("x", true);
  join("y", true);
  join("z");
  EXPECT_EQ(next(false), "z");
  EXPECT_EQ(next(false), "nobody");
  EXPECT_EQ(next(true), "x");
}

TEST_F(fair_queue_test, who_leaves_is_not_next) {
  join("x");
  auto& gone = last();
  join("y");
  queue_.leave(gone);
  queue_.leave(gone);
  EXPECT_EQ(next(), "y");
  EXPECT_EQ(next(), "nobody");
}

TEST_F(fair_queue_test, names_that_do_nothing_are_forgotten) {
  for (int i = 0; i < 200; ++i) use("name " + std::to_string(i), 1ms);
  EXPECT_LE(queue_.names(), 18u);
}

}  // namespace
}  // namespace dossier::base
