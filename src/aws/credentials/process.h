// Runs a program and takes what it writes. Blocks: for a thread that may.
#pragma once

#include <atomic>
#include <chrono>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace dossier::aws {

// Cuts a command into words as a shell does: quotes and backslashes, nothing else. An error when a quote is
// not closed.
std::expected<std::vector<std::string>, std::string> split_words(std::string_view command);

// Runs a command and returns its standard output, at most 64 KiB, when it ends with 0 in time; otherwise what
// went wrong. A command that takes too long or writes too much is killed with all that it started, and so is
// any command soon after `stop` becomes true. It writes to our standard error and gets no input.
std::expected<std::string, std::string> output_of(const std::vector<std::string>& command,
                                                  std::chrono::milliseconds limit,
                                                  const std::atomic<bool>& stop);

}  // namespace dossier::aws
