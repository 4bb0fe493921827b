#include "app/nearest.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <vector>

namespace dossier::app {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  // Three rows of the usual table: swaps look two rows back.
  std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
  std::iota(above.begin(), above.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = a[i - 1] == b[j - 1];
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[b.size()];
}

bool is_near(std::string_view name, std::string_view candidate) {
  const auto close = [](std::string_view a, std::string_view b) {
    return 3 * edit_distance(a, b) <= a.size();
  };
  return close(name, candidate) ||
         close(name.substr(name.rfind('.') + 1), candidate.substr(candidate.rfind('.') + 1));
}

std::string_view nearest(std::string_view name, std::span<const std::string_view> candidates) {
  std::string_view best;
  std::size_t best_distance = std::numeric_limits<std::size_t>::max();
  for (const auto candidate : candidates) {
    std::size_t distance = edit_distance(name, candidate);
    if (const auto dot = candidate.rfind('.'); dot != std::string_view::npos) {
      distance = std::min(distance, edit_distance(name, candidate.substr(dot + 1)) + 1);
    }
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace dossier::app
