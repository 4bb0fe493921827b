#include "base/fair_lane.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

namespace dossier::base {
namespace {

using namespace std::chrono_literals;

// A caller that enters and keeps its place until the test ends it.
struct guest {
  std::stop_source hang_up;
  std::optional<result<fair_lane::turn>> turn;

  bool is_on() const { return turn && turn->has_value(); }
  std::string refusal() const { return turn && !*turn ? turn->error().message : ""; }
};

awaitable<void> come(fair_lane& lane, std::string name, bool lengthy, std::shared_ptr<guest> self) {
  caller who{.name = std::move(name), .watch = [self] {
               return self->hang_up.get_token();
             }};
  self->turn.emplace(co_await lane.enter(std::move(who), lengthy));
}

class fair_lane_test : public testing::Test {
 protected:
  void open(lane_limits limits) { lane_ = std::make_unique<fair_lane>(limits); }
  std::shared_ptr<guest> come_as(std::string name, bool lengthy = false) {
    auto one = std::make_shared<guest>();
    asio::co_spawn(loop_, come(*lane_, std::move(name), lengthy, one), asio::detached);
    settle();
    return one;
  }
  void settle() {
    loop_.restart();
    while (loop_.poll() > 0) {
    }
  }
  void end(const std::shared_ptr<guest>& one) {
    one->turn.reset();
    settle();
  }

  asio::io_context loop_{1};
  std::unique_ptr<fair_lane> lane_;
};

TEST_F(fair_lane_test, lets_as_many_in_as_there_are_places_and_the_next_when_one_ends) {
  open({.places = 2, .lengthy = 1, .wait = 1h});
  const auto a = come_as("a"), b = come_as("b"), c = come_as("c");
  EXPECT_TRUE(a->is_on());
  EXPECT_TRUE(b->is_on());
  EXPECT_FALSE(c->turn);
  EXPECT_EQ(lane_->use().running, 2u);
  EXPECT_EQ(lane_->use().waiting, 1u);
  end(a);
  EXPECT_TRUE(c->is_on());
  end(b);
  end(c);
  EXPECT_EQ(lane_->use().running, 0u);
}

TEST_F(fair_lane_test, brief_turns_never_wait_for_lengthy_ones) {
  open({.places = 2, .lengthy = 1, .wait = 1h});
  const auto first = come_as("a", true), second = come_as("b", true);
  EXPECT_TRUE(first->is_on());
  EXPECT_FALSE(second->turn) << "though there is a place";
  const auto brief = come_as("c");
  EXPECT_TRUE(brief->is_on());
  end(first);
  EXPECT_TRUE(second->is_on());
}

TEST_F(fair_lane_test, who_leaves_is_dropped_from_the_line_at_once) {
  open({.places = 1, .lengthy = 1, .wait = 1h});
  const auto on = come_as("a"), waits = come_as("b");
  EXPECT_EQ(lane_->use().waiting, 1u);
  waits->hang_up.request_stop();
  settle();
  EXPECT_EQ(lane_->use().waiting, 0u);
  EXPECT_FALSE(waits->is_on());
  EXPECT_EQ(lane_->use().left, 1u);
  end(on);
  EXPECT_EQ(lane_->use().running, 0u);
}

TEST_F(fair_lane_test, who_has_left_before_does_not_come_in) {
  open({.places = 1, .lengthy = 1, .wait = 1h});
  const auto one = std::make_shared<guest>();
  one->hang_up.request_stop();
  asio::co_spawn(loop_, come(*lane_, "a", false, one), asio::detached);
  settle();
  EXPECT_FALSE(one->is_on());
  EXPECT_EQ(lane_->use().running, 0u);
}

TEST_F(fair_lane_test, a_turn_says_when_nobody_waits_for_it_any_more) {
  open({.places = 1, .lengthy = 1, .wait = 1h});
  const auto one = come_as("a");
  EXPECT_FALSE((*one->turn)->is_given_up());
  one->hang_up.request_stop();
  EXPECT_TRUE((*one->turn)->is_given_up());
}

TEST_F(fair_lane_test, nobody_waits_longer_than_the_limit) {
  open({.places = 1, .lengthy = 1, .wait = 1ms});
  const auto on = come_as("a");
  auto late = std::make_shared<guest>();
  asio::co_spawn(loop_, come(*lane_, "b", false, late), asio::detached);
  loop_.restart();
  loop_.run();
  ASSERT_TRUE(late->turn);
  ASSERT_FALSE(late->is_on());
  EXPECT_EQ(late->turn->error().code, error_code::unavailable);
  EXPECT_TRUE(late->turn->error().retry_after);
  EXPECT_EQ(lane_->use().late, 1u);
  EXPECT_EQ(lane_->use().waiting, 0u);
}

TEST_F(fair_lane_test, a_full_line_refuses_at_once) {
  open({.places = 1, .lengthy = 1, .wait = 1h, .line = {.waiting = 4, .waiting_each = 2}});
  const auto on = come_as("a"), first = come_as("a"), second = come_as("a"), third = come_as("a");
  EXPECT_FALSE(second->turn);
  ASSERT_TRUE(third->turn);
  EXPECT_FALSE(third->is_on());
  EXPECT_EQ(lane_->use().refused, 1u);
  lane_->stop();
  settle();
}

TEST_F(fair_lane_test, in_a_full_line_who_used_much_gives_way) {
  open({.places = 1, .lengthy = 1, .wait = 1h, .line = {.waiting = 2, .waiting_each = 2}});
  const auto on = come_as("a"), first = come_as("a"), second = come_as("a");
  const auto other = come_as("b");
  EXPECT_FALSE(other->turn) << "it waits";
  EXPECT_FALSE(first->turn);
  ASSERT_TRUE(second->turn);
  EXPECT_FALSE(second->is_on());
  end(on);
  end(first);
  EXPECT_TRUE(other->is_on());
  lane_->stop();
  settle();
}

TEST_F(fair_lane_test, when_it_ends_those_who_wait_are_refused_and_turns_are_given_up) {
  open({.places = 1, .lengthy = 1, .wait = 1h});
  const auto on = come_as("a"), waits = come_as("b");
  lane_->stop();
  settle();
  ASSERT_TRUE(waits->turn);
  EXPECT_FALSE(waits->is_on());
  EXPECT_TRUE((*on->turn)->is_given_up());
  const auto late = come_as("c");
  ASSERT_TRUE(late->turn);
  EXPECT_FALSE(late->is_on());
}

TEST(fair_lane_ends, who_waited_on_a_loop_that_is_gone_is_out_of_the_line) {
  fair_lane lane({.places = 1, .lengthy = 1, .wait = 1h});
  auto on = std::make_shared<guest>();
  {
    asio::io_context loop(1);
    asio::co_spawn(loop, come(lane, "a", false, on), asio::detached);
    asio::co_spawn(loop, come(lane, "b", false, std::make_shared<guest>()), asio::detached);
    loop.poll();
    EXPECT_EQ(lane.use().waiting, 1u);
  }
  EXPECT_EQ(lane.use().waiting, 0u);
}

}  // namespace
}  // namespace dossier::base
