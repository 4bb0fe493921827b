// How settings are written: sizes as 5GiB, durations as 15s. These functions read what was given (nothing is
// returned for a text that is not valid) and write what `config check` prints.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dossier::app {

using std::chrono::milliseconds;

// Bytes: "65536", "64KiB", "5GiB", "5 GB" (KB, MB, GB and TB are powers of 1000).
std::optional<std::uint64_t> parse_size(std::string_view text);
std::string show_size(std::uint64_t bytes);

// "500ms", "15s", "2m", "1h", "7d"; "1m30s" too. "0" needs no unit.
std::optional<milliseconds> parse_duration(std::string_view text);
std::string show_duration(milliseconds time);

// true, yes, on, 1; false, no, off, 0.
std::optional<bool> parse_yes_no(std::string_view text);

// A whole number in decimal digits.
std::optional<std::uint64_t> parse_count(std::string_view text);

// Separated by commas; white space around an entry and empty entries are dropped.
std::vector<std::string> parse_list(std::string_view text);
std::string show_list(const std::vector<std::string>& entries);

}  // namespace dossier::app
