// Which files were met in a store: a bit for each id of a window, so that memory does not grow with the
// store. For the doctor, who reads a store as a list and the rows after it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "domain/values.h"

namespace dossier::domain {

class seen_files {
 public:
  static constexpr std::int64_t window = std::int64_t{1} << 26;  // ids: 8 MiB when all are there

  // Ids after this one, so many as the window is wide.
  explicit seen_files(std::int64_t after = 0) : after_(after) {}

  void add(file_id which) {
    const auto at = which.value - after_ - 1;
    if (at < 0 || at >= window) return;
    const auto index = static_cast<std::size_t>(at);
    if (index >= bits_.size()) bits_.resize(index + 1);
    bits_[index] = true;
  }
  bool has(file_id which) const {
    const auto at = which.value - after_ - 1;
    return at >= 0 && static_cast<std::size_t>(at) < bits_.size() && bits_[static_cast<std::size_t>(at)];
  }

 private:
  std::int64_t after_;
  std::vector<bool> bits_;
};

}  // namespace dossier::domain
