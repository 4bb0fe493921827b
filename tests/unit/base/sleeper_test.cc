#include "base/waiting.h"

#include <thread>

#include <gtest/gtest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

namespace dossier::base {
namespace {

using namespace std::chrono_literals;

awaitable<void> sleep_once(sleeper& bed, std::chrono::milliseconds at_most) {
  co_await bed.sleep(at_most);
}

// Runs to the end of a sleep; a test that would sleep for an hour hangs.
void sleep_here(sleeper& bed, std::chrono::milliseconds at_most) {
  asio::io_context loop;
  asio::co_spawn(loop, sleep_once(bed, at_most), asio::detached);
  loop.run();
}

TEST(sleeper, wakes_up_by_itself) {
  sleeper bed;
  const auto start = std::chrono::steady_clock::now();
  sleep_here(bed, 20ms);
  EXPECT_GE(std::chrono::steady_clock::now() - start, 20ms);
}

TEST(sleeper, remembers_a_wake_up_that_came_before) {
  sleeper bed;
  bed.wake();
  sleep_here(bed, 1h);
}

TEST(sleeper, is_woken_from_another_thread) {
  sleeper bed;
  std::jthread other([&] { bed.wake(); });
  sleep_here(bed, 1h);
}

TEST(sleeper, can_be_woken_often) {
  sleeper bed;
  for (int i = 0; i < 3; ++i) {
    bed.wake();
    bed.wake();
    sleep_here(bed, 1h);
  }
}

}  // namespace
}  // namespace dossier::base
