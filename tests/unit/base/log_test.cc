// The log as it comes out of the process: standard error is a file or a pipe of the test.
#include "base/log.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

namespace dossier::base {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// Standard error goes to `target` as long as this lives.
class redirected_stderr {
 public:
  explicit redirected_stderr(int target) : saved_(dup(STDERR_FILENO)) { dup2(target, STDERR_FILENO); }
  ~redirected_stderr() {
    dup2(saved_, STDERR_FILENO);
    close(saved_);
  }
  redirected_stderr(const redirected_stderr&) = delete;
  redirected_stderr& operator=(const redirected_stderr&) = delete;

 private:
  int saved_;
};

std::string read_all(int descriptor) {
  std::string text;
  std::array<char, 4096> buffer;
  for (ssize_t length; (length = read(descriptor, buffer.data(), buffer.size())) > 0;) {
    text.append(buffer.data(), static_cast<std::size_t>(length));
  }
  return text;
}

template <class Function>
std::string logged(log_format format, log_level level, Function log) {
  std::FILE* file = std::tmpfile();
  {
    const redirected_stderr there(fileno(file));
    start_log(format, level);
    log();
    stop_log();
  }
  lseek(fileno(file), 0, SEEK_SET);
  auto text = read_all(fileno(file));
  std::fclose(file);
  return text;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t start = 0;
  for (std::size_t end; (end = text.find('\n', start)) != std::string::npos; start = end + 1) {
    lines.push_back(text.substr(start, end - start));
  }
  EXPECT_EQ(start, text.size()) << "the last line has no end";
  return lines;
}

TEST(json_log, is_one_object_a_line_with_time_level_event_and_fields) {
  const auto text = logged(log_format::json, log_level::info, [] {
    log_info("task done", {{"task", "index"}, {"file", 42}, {"ms", 2.5}, {"text", std::string("a b")}});
  });
  const auto lines = lines_of(text);
  ASSERT_EQ(lines.size(), 1u);
  const auto line = boost::json::parse(lines[0]).as_object();
  EXPECT_EQ(line.at("level"), "info");
  EXPECT_EQ(line.at("event"), "task done");
  EXPECT_EQ(line.at("task"), "index");
  EXPECT_EQ(line.at("file"), 42);
  EXPECT_EQ(line.at("ms"), 2.5);
  EXPECT_EQ(line.at("text"), "a b");
  const std::string time(line.at("time").as_string());
  EXPECT_THAT(time, ::testing::MatchesRegex("....-..-..T..:..:..[.]...Z"));
}

TEST(json_log, stays_json_whatever_a_field_holds) {
  const std::string nasty =
      "quote \" backslash \\ newline \n tab \t nul " + std::string(1, '\0') + " escape \x1b é";
  const auto text =
      logged(log_format::json, log_level::info, [&] { log_info("odd \"event\"\n", {{"field", nasty}}); });
  const auto lines = lines_of(text);
  ASSERT_EQ(lines.size(), 1u);
  const auto line = boost::json::parse(lines[0]).as_object();
  EXPECT_EQ(line.at("event"), "odd \"event\"\n");
  EXPECT_EQ(std::string(line.at("field").as_string()), nasty);
}

TEST(json_log, stays_json_when_a_field_is_not_utf8_or_a_number_is_none) {
  const auto text = logged(log_format::json, log_level::info, [] {
    log_info("odd", {{"field",
                      "a\xff"
                      "b\xc3"},
                     {"number", std::numeric_limits<double>::quiet_NaN()},
                     {"huge", std::numeric_limits<double>::infinity()}});
  });
  boost::json::error_code problem;
  const auto lines = lines_of(text);
  ASSERT_EQ(lines.size(), 1u);
  boost::json::parse(lines[0], problem);
  EXPECT_FALSE(problem) << lines[0];
}

TEST(text_log, is_readable_and_quotes_what_would_break_a_line) {
  const auto text = logged(log_format::text, log_level::info, [] {
    log_warning("store away", {{"store", "records"}, {"why", "a\nb"}, {"empty", ""}});
  });
  EXPECT_EQ(lines_of(text).size(), 1u);
  EXPECT_THAT(text, HasSubstr("warning"));
  EXPECT_THAT(text, HasSubstr("store away  store=records  why=\"a\\nb\"  empty=\"\"\n"));
}

TEST(text_log, lets_nobody_send_escapes_to_a_terminal) {
  const auto text = logged(log_format::text, log_level::info, [] { log_info("x", {{"why", "\x1b[2J"}}); });
  EXPECT_THAT(text, Not(HasSubstr("\x1b[2J")));
}

TEST(log_level, leaves_out_what_is_below_it) {
  const auto text = logged(log_format::json, log_level::warning, [] {
    log_debug("one");
    log_info("two");
    log_warning("three");
    log_error("four");
  });
  std::vector<std::string> events;
  for (const auto& line : lines_of(text))
    events.emplace_back(boost::json::parse(line).at("event").as_string());
  EXPECT_THAT(events, ElementsAre("three", "four"));
}

TEST(log_level, off_says_nothing) {
  EXPECT_EQ(logged(log_format::json, log_level::off, [] { log_error("x"); }), "");
}

TEST(log, before_its_start_and_after_its_end_is_ignored) {
  log_error("nobody hears");
  EXPECT_EQ(lines_of(logged(log_format::json, log_level::info, [] { log_info("x"); })).size(), 1u);
  log_error("nobody hears");
}

TEST(log, keeps_the_lines_of_many_threads_whole) {
  const auto text = logged(log_format::json, log_level::info, [] {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([t] {
        for (int i = 0; i < 250; ++i) log_info("line", {{"thread", t}, {"number", i}});
      });
    }
  });
  const auto lines = lines_of(text);
  EXPECT_EQ(lines.size(), 1000u);
  for (const auto& line : lines) {
    boost::json::error_code problem;
    boost::json::parse(line, problem);
    EXPECT_FALSE(problem) << line;
  }
}

// Nobody reads the pipe: a thread that waited for it would wait for ever.
TEST(log, drops_lines_rather_than_hold_up_who_logs) {
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  std::string text;
  std::uint64_t lost = 0;
  {
    const redirected_stderr there(ends[1]);
    start_log(log_format::json, log_level::info);
    const auto lost_before = lost_log_lines();
    for (int i = 0; i < 100'000; ++i) log_info("line", {{"number", i}});
    lost = lost_log_lines() - lost_before;
    std::jthread reader([&] { text = read_all(ends[0]); });
    stop_log();
    close(ends[1]);
    // The copy in STDERR_FILENO is the last one that is open for writing.
    const int nothing = open("/dev/null", O_WRONLY);
    dup2(nothing, STDERR_FILENO);
    close(nothing);
  }
  close(ends[0]);
  const auto lines = lines_of(text);
  EXPECT_LT(lines.size(), 100'000u);
  EXPECT_EQ(lines.size() + lost, 100'000u) << "each line was written, or is counted as lost";
  EXPECT_THAT(lines.back(), HasSubstr("99999"));
  for (const auto& line : lines) {
    boost::json::error_code problem;
    boost::json::parse(line, problem);
    ASSERT_FALSE(problem) << line;
  }
}

}  // namespace
}  // namespace dossier::base
