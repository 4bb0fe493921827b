#include "base/sizes.h"

#include <fmt/format.h>

#include <array>

namespace dossier::base {
namespace {

constexpr std::array units{"KB", "MB", "GB", "TB", "PB", "EB"};
constexpr std::array binary_units{"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

struct whole_number {
  std::uint64_t value;
  std::size_t unit = 0;  // how many times it was divided by the step; 0: bytes
};

// In the largest unit that leaves no remainder.
whole_number whole(std::uint64_t bytes, std::uint64_t step) {
  whole_number size{.value = bytes};
  for (; size.value >= step && size.value % step == 0; size.value /= step) ++size.unit;
  return size;
}

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
  const auto binary = whole(bytes, 1024);
  const auto decimal = whole(bytes, 1000);
  const bool in_binary = binary.value < decimal.value;
  const std::uint64_t step = in_binary ? 1024 : 1000;
  auto size = in_binary ? binary : decimal;
  for (; size.unit == 0 || size.value >= 10'000; size.value /= step) ++size.unit;
  return fmt::format("{} {}", size.value, (in_binary ? binary_units : units)[size.unit - 1]);
}

}  // namespace dossier::base
