// An environment of a test's own.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "aws/credentials/environment.h"

namespace dossier::aws {

using values = std::map<std::string, std::string, std::less<>>;

inline environment variables(values all) {
  return [all = std::move(all)](std::string_view name) -> std::optional<std::string> {
    const auto found = all.find(name);
    if (found == all.end() || found->second.empty()) return std::nullopt;
    return found->second;
  };
}

}  // namespace dossier::aws
