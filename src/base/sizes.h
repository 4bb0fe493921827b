// Numbers of bytes as a person reads them, in decimal units.
#pragma once

#include <cstdint>
#include <string>

namespace dossier::base {

// "812 bytes", "12 KB", "3.4 MB", "1.2 GB": two digits at least.
std::string human_size(std::uint64_t bytes);
// A limit, rounded down to a whole number that holds: "5 GB" for 5 × 2^30.
std::string size_limit(std::uint64_t bytes);

}  // namespace dossier::base
