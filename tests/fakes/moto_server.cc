#include "fakes/moto_server.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <utility>

namespace dossier::fakes {
namespace {

std::string first_line(int from) {
  std::string line;
  char letter = '\0';
  while (::read(from, &letter, 1) == 1 && letter != '\n') line += letter;
  return line;
}

}  // namespace

std::string test_python() {
  const char* given = std::getenv("DOSSIER_TEST_PYTHON");
  std::string path = given != nullptr ? given : DOSSIER_SOURCE_DIR "/build/venv/bin/python";
  if (!std::filesystem::exists(path)) {
    throw std::runtime_error(path + " is not there: ./test contract installs it");
  }
  return path;
}

moto_server::moto_server() {
  std::array<int, 2> input{}, output{};
  if (::pipe2(input.data(), O_CLOEXEC) != 0 || ::pipe2(output.data(), O_CLOEXEC) != 0) {
    throw std::runtime_error("no pipes");
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
  std::array<std::string, 3> words{test_python(), "-B", DOSSIER_SOURCE_DIR "/tests/fakes/moto_server.py"};
  std::array<char*, 4> arguments{words[0].data(), words[1].data(), words[2].data(), nullptr};
  const int problem = posix_spawn(&process_, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(input[0]);
  ::close(output[1]);
  standard_input_ = input[1];
  const auto line = problem == 0 ? first_line(output[0]) : std::string();
  ::close(output[0]);
  port_ = std::atoi(line.c_str());
  if (port_ == 0) throw std::runtime_error("moto did not start");
}

moto_server::~moto_server() {
  ::close(standard_input_);
  int status = 0;
  ::waitpid(process_, &status, 0);
}

aws::environment moto_server::variables(std::map<std::string, std::string, std::less<>> more) const {
  auto all = std::move(more);
  all.try_emplace("AWS_ENDPOINT_URL", url());
  all.try_emplace("AWS_REGION", "eu-central-1");
  all.try_emplace("AWS_ACCESS_KEY_ID", "testing");
  all.try_emplace("AWS_SECRET_ACCESS_KEY", "testing-secret");
  return [all](std::string_view name) -> std::optional<std::string> {
    const auto found = all.find(name);
    if (found == all.end() || found->second.empty()) return std::nullopt;
    return found->second;
  };
}

}  // namespace dossier::fakes
