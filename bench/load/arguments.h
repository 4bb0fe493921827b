// The command line of the benchmark programs: pairs of `--name value`, nothing else.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>

namespace dossier::bench {

class arguments {
 public:
  arguments(int count, char** words) {
    for (int i = 1; i < count; i += 2) {
      const std::string_view name = words[i];
      if (!name.starts_with("--") || i + 1 == count) {
        std::fprintf(stderr, "%s: expected --name value, got %s\n", words[0], words[i]);
        std::exit(2);
      }
      values_[std::string(name.substr(2))] = words[i + 1];
    }
  }

  std::string text(const std::string& name, std::string otherwise) const {
    const auto found = values_.find(name);
    return found == values_.end() ? otherwise : found->second;
  }

  std::uint64_t number(const std::string& name, std::uint64_t otherwise) const {
    const auto found = values_.find(name);
    return found == values_.end() ? otherwise : std::strtoull(found->second.c_str(), nullptr, 10);
  }

 private:
  std::map<std::string, std::string> values_;
};

}  // namespace dossier::bench
