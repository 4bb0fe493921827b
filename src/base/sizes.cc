#include "base/sizes.h"

#include <fmt/format.h>

#include <array>

namespace dossier::base {
namespace {

constexpr std::array units{"KB", "MB", "GB", "TB", "PB", "EB"};

}  // namespace

std::string human_size(std::uint64_t bytes) {
  if (bytes < 1000) return fmt::format("{} {}", bytes, bytes == 1 ? "byte" : "bytes");
  double value = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  // 999.5 KB would be printed as 1000 KB: it is 1.0 MB.
  while (value >= 999.5 && unit + 1 < units.size()) {
    value /= 1000;
    ++unit;
  }
  return value < 9.95 ? fmt::format("{:.1f} {}", value, units[unit])
                      : fmt::format("{:.0f} {}", value, units[unit]);
}

std::string size_limit(std::uint64_t bytes) {
  if (bytes < 1000) return human_size(bytes);
  std::uint64_t value = bytes / 1000;
  std::size_t unit = 0;
  for (; value >= 1000; value /= 1000) ++unit;
  return fmt::format("{} {}", value, units[unit]);
}

}  // namespace dossier::base
