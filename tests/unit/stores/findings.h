// What a check found, as the tests of the checks look at it.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "domain/store_check.h"

namespace dossier::stores {

using findings = std::vector<domain::store_finding>;
using words = std::vector<std::string>;

// "error permission", "warning versioning", …: the findings that are not notes.
inline std::vector<std::string> worse_than_notes(const findings& all) {
  std::vector<std::string> found;
  for (const auto& one : all) {
    if (one.level != domain::severity::note)
      found.push_back(std::string(to_string(one.level)) + " " + one.what);
  }
  return found;
}

inline bool says(const findings& all, std::string_view text) {
  return std::ranges::any_of(
      all, [&](const auto& one) { return one.is.contains(text) || one.to_do.contains(text); });
}

}  // namespace dossier::stores
