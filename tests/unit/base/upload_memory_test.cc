#include "base/upload_memory.h"

#include <cstring>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace dossier::base {
namespace {

using enum upload_memory::block_size;

TEST(upload_memory, is_given_at_once_or_not_at_all) {
  upload_memory memory(300 * 1024);
  auto first = memory.take(huge);
  ASSERT_TRUE(first);
  EXPECT_EQ(first.size(), 256U * 1024);
  std::memset(first.data(), 1, first.size());
  EXPECT_FALSE(memory.take(large)) << "44 KiB are left";
  auto rest = memory.take(std::uint64_t{44 * 1024});
  EXPECT_TRUE(rest);
  EXPECT_FALSE(memory.take(std::uint64_t{1}));
  EXPECT_EQ(memory.in_use(), memory.limit());
  first = {};
  EXPECT_EQ(memory.in_use(), 44U * 1024);
  EXPECT_TRUE(memory.take(large));
  EXPECT_FALSE(memory.take(memory.limit() + 1));
  EXPECT_FALSE(memory.take(~std::uint64_t{0}));
}

TEST(upload_memory, comes_back_when_its_holders_move_and_go) {
  upload_memory memory(1 << 20);
  {
    auto one = memory.take(large);
    auto moved = std::move(one);
    EXPECT_EQ(memory.in_use(), 64U * 1024);
    auto other = memory.take(large);
    std::swap(moved, other);
    other = std::move(moved);
    std::vector<upload_memory::block> many;
    while (auto next = memory.take(large)) many.push_back(std::move(next));
    EXPECT_EQ(memory.in_use(), memory.limit());
  }
  EXPECT_EQ(memory.in_use(), 0U);
}

TEST(upload_memory, is_shared_by_threads_within_its_limit) {
  upload_memory memory(512 * 1024);
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 2000; ++round) {
        auto block = memory.take(round % 3 == 0 ? huge : large);
        if (block) std::memset(block.data(), round, 64);
        EXPECT_LE(memory.in_use(), memory.limit());
      }
    });
  }
  threads.clear();
  EXPECT_EQ(memory.in_use(), 0U);
}

}  // namespace
}  // namespace dossier::base
