// Sizes in bytes as text for people: KB, MB, GB are powers of 1000; KiB, MiB, GiB of 1024.
#pragma once

#include <cstdint>
#include <string>

namespace dossier::base {

// "812 bytes", "12 KB", "3.4 MB", "1.2 GB": from 1 KB on, two digits at least.
std::string human_size(std::uint64_t bytes);
// A limit, in the largest unit in which it is a whole number: "5 GiB" for 5 × 2^30, "100 MB" for 10^8. If
// that is bytes, or the number has more than four digits, it is rounded down to a larger unit, so that a file
// of the size that is shown is within the limit.
std::string size_limit(std::uint64_t bytes);

}  // namespace dossier::base
