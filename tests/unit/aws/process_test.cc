// Programs that hand out credentials: what they write, and how they are ended.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "aws/credentials/process.h"

namespace dossier::aws {
namespace {

std::expected<std::string, std::string> run(const std::vector<std::string>& command,
                                            std::chrono::milliseconds limit) {
  const std::atomic<bool> never = false;
  return output_of(command, limit, never);
}

TEST(aws_process, is_ended_when_it_takes_too_long) {
  EXPECT_FALSE(run({"sh", "-c", "sleep 60 & sleep 60"}, std::chrono::milliseconds(100)));
  EXPECT_FALSE(run({"sh", "-c", "yes"}, std::chrono::seconds(10)));
  EXPECT_EQ(run({"echo", "a"}, std::chrono::seconds(10)), "a\n");
}

TEST(aws_process, is_ended_when_it_closes_its_output_and_lives_on) {
  const auto began = std::chrono::steady_clock::now();
  EXPECT_FALSE(run({"sh", "-c", "exec >&-; sleep 60"}, std::chrono::milliseconds(100)));
  EXPECT_FALSE(run({"sh", "-c", "echo a; exec >&-; sleep 60 & sleep 60"}, std::chrono::milliseconds(100)));
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(30));
  EXPECT_EQ(run({"sh", "-c", "echo a; exec >&-; sleep 0.05"}, std::chrono::seconds(10)), "a\n");
}

TEST(aws_process, is_ended_when_nobody_wants_it_any_more) {
  for (const auto* command : {"sleep 60", "exec >&-; sleep 60"}) {
    std::atomic<bool> stop = false;
    std::jthread ending([&] { stop = true; });
    EXPECT_FALSE(output_of({"sh", "-c", command}, std::chrono::seconds(60), stop));
  }
}

TEST(aws_process, splits_as_a_shell_would) {
  using words = std::vector<std::string>;
  EXPECT_EQ(split_words(R"(a  "b c" 'd "e' f\ g "" "\"")"), (words{"a", "b c", "d \"e", "f g", "", "\""}));
  EXPECT_EQ(split_words("  "), words{});
  EXPECT_FALSE(split_words("a 'b"));
}

}  // namespace
}  // namespace dossier::aws
