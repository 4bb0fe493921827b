// Runs a program and returns what it writes. Blocks, so call it on a thread that may block.
#pragma once

#include <atomic>
#include <chrono>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace dossier::aws {

// Splits a command into words as a shell does, but only with quotes and backslashes. An error when a quote is
// not closed.
std::expected<std::vector<std::string>, std::string> split_words(std::string_view command);

// Runs a command and returns its standard output, at most 64 KiB, when it ends with 0 in time. Otherwise
// returns what went wrong. A command that takes too long or writes too much is killed together with all
// processes that it started. The same happens to any command soon after `stop` becomes true. The command uses
// our standard error and gets no input.
std::expected<std::string, std::string> output_of(const std::vector<std::string>& command,
                                                  std::chrono::milliseconds limit,
                                                  const std::atomic<bool>& stop);

}  // namespace dossier::aws
