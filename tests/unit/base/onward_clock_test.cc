#include "base/clock.h"

#include <gtest/gtest.h>

#include "fakes/manual_clock.h"

namespace dossier::base {
namespace {

using namespace std::chrono_literals;

struct world {
  fakes::manual_clock wall;
  std::chrono::milliseconds passed{5'000};
  onward_clock clock{wall, [this] {
                       return passed;
                     }};

  void pass(std::chrono::milliseconds time) {
    passed += time;
    wall.advance(time);
  }
};

TEST(onward_clock, is_the_wall_clock_while_that_goes_on) {
  world on;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(on.clock.now(), on.wall.now());
    on.pass(1s);
  }
  on.wall.advance(1h);
  EXPECT_EQ(on.clock.now(), on.wall.now()) << "set forward";
}

TEST(onward_clock, counts_the_time_that_passes_when_it_is_set_back) {
  world on;
  const auto before = on.clock.now();
  on.wall.advance(-1h);
  EXPECT_EQ(on.clock.now(), before);
  on.pass(10s);
  EXPECT_EQ(on.clock.now(), before + 10s);
  on.wall.advance(2h);
  EXPECT_EQ(on.clock.now(), on.wall.now());
}

TEST(onward_clock, is_not_before_what_is_known_already) {
  world on;
  const auto known = on.wall.now() + 30min;
  on.clock.not_before(known);
  on.pass(1s);
  EXPECT_EQ(on.clock.now(), known + 1s);
  on.clock.not_before(on.wall.now() - 1h);
  EXPECT_EQ(on.clock.now(), known + 1s);
}

}  // namespace
}  // namespace dossier::base
