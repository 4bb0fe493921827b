// Runs a program and takes what it writes. Blocks: for a thread that may.
#pragma once

#include <atomic>
#include <chrono>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace dossier::aws {

// Words as a shell would see them: quotes and backslashes, nothing else. Nothing when a quote is not closed.
std::expected<std::vector<std::string>, std::string> split_words(std::string_view command);

// Its standard output, at most 64 KiB, when it ends with 0 in time; otherwise what went wrong: then it is
// ended, with all that it started. So it is soon after `stop` is true. Its standard error is ours; it reads
// nothing.
std::expected<std::string, std::string> output_of(const std::vector<std::string>& command,
                                                  std::chrono::milliseconds limit,
                                                  const std::atomic<bool>& stop);

}  // namespace dossier::aws
