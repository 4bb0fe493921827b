#include "aws/credentials/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <thread>
#include <utility>

#include "base/ascii.h"

namespace dossier::aws {
namespace {

using clock = std::chrono::steady_clock;

constexpr std::size_t longest_output = std::size_t{64} << 10;
constexpr std::chrono::milliseconds longest_pause{50};  // between two checks of the time

class descriptor {
 public:
  explicit descriptor(int number) : number_(number) {}
  ~descriptor() { close(); }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  void close() {
    if (number_ >= 0) ::close(std::exchange(number_, -1));
  }
  int get() const { return number_; }

 private:
  int number_;
};

// Starts the command in its own process group, with default signals, so that it can be killed together with
// all processes that it started.
int spawn(const std::vector<std::string>& command, int output, pid_t& child) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  std::vector<char*> words;
  for (const auto& each : command) words.push_back(const_cast<char*>(each.c_str()));
  words.push_back(nullptr);
  const int problem = posix_spawnp(&child, words[0], &actions, &attributes, words.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return problem;
}

// How long a command may still take: until the deadline, or until `stop` is true.
struct patience {
  clock::time_point deadline;
  const std::atomic<bool>& stop;

  bool over() const { return stop || clock::now() >= deadline; }
};

// Reads to the end of the output. False when that takes too long or the output is too long.
bool read_all(int from, const patience& limit, std::string& into) {
  std::array<char, 4096> buffer;
  for (;;) {
    if (limit.over()) return false;
    pollfd waiting{from, POLLIN, 0};
    if (::poll(&waiting, 1, static_cast<int>(longest_pause.count())) < 0 && errno != EINTR) return false;
    if (waiting.revents == 0) continue;
    const auto count = ::read(from, buffer.data(), buffer.size());
    if (count == 0) return true;
    if (count < 0 && errno != EINTR) return false;
    if (count > 0) into.append(buffer.data(), static_cast<std::size_t>(count));
    if (into.size() > longest_output) return false;
  }
}

// Kills the child and all processes that it started, except those that have left its group.
void end_at_once(pid_t child) {
  ::kill(-child, SIGKILL);
  ::kill(child, SIGKILL);
}

// The status with which the child ended; empty when we killed it. The child may have closed its output and
// still run.
std::optional<int> wait_for(pid_t child, const patience& limit) {
  std::chrono::milliseconds pause{1};
  bool ended_by_us = false;
  for (int status = 0;;) {
    const auto found = ::waitpid(child, &status, ended_by_us ? 0 : WNOHANG);
    if (found == child) return ended_by_us ? std::nullopt : std::optional(status);
    if (found < 0 && errno != EINTR) return std::nullopt;
    if (found != 0) continue;
    if (limit.over()) {
      end_at_once(child);
      ended_by_us = true;
      continue;
    }
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, longest_pause);
  }
}

}  // namespace

std::expected<std::vector<std::string>, std::string> split_words(std::string_view command) {
  std::vector<std::string> words;
  std::string word;
  bool inside = false;  // a word has begun, even if it is still empty
  char quote = '\0';
  for (std::size_t at = 0; at < command.size(); ++at) {
    const char letter = command[at];
    const bool escapes = letter == '\\' && quote != '\'' && at + 1 < command.size();
    if (escapes) {
      word += command[++at];
      inside = true;
    } else if (quote != '\0') {
      if (letter == quote)
        quote = '\0';
      else
        word += letter;
    } else if (letter == '"' || letter == '\'') {
      quote = letter;
      inside = true;
    } else if (base::ascii_space(letter)) {
      if (inside) words.push_back(std::exchange(word, {}));
      inside = false;
    } else {
      word += letter;
      inside = true;
    }
  }
  if (quote != '\0') return std::unexpected("a quote is not closed");
  if (inside) words.push_back(std::move(word));
  return words;
}

std::expected<std::string, std::string> output_of(const std::vector<std::string>& command,
                                                  std::chrono::milliseconds limit,
                                                  const std::atomic<bool>& stop) {
  if (command.empty()) return std::unexpected("no command");
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::unexpected("no pipe");
  const descriptor reading(ends[0]);
  descriptor writing(ends[1]);
  pid_t child = 0;
  if (spawn(command, writing.get(), child) != 0) return std::unexpected("cannot run " + command.front());
  writing.close();
  std::string output;
  const patience left{clock::now() + limit, stop};
  const bool read = read_all(reading.get(), left, output);
  if (!read) end_at_once(child);
  const auto status = wait_for(child, left);
  if (!read || !status) return std::unexpected(command.front() + " took too long or wrote too much");
  if (!WIFEXITED(*status) || WEXITSTATUS(*status) != 0) return std::unexpected(command.front() + " failed");
  return output;
}

}  // namespace dossier::aws
