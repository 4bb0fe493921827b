// Small files that others write: profiles, tokens, caches.
#pragma once

#include <optional>
#include <string>

namespace dossier::aws {

// The whole file; nothing when it cannot be read or is larger than a megabyte.
std::optional<std::string> read_text_file(const std::string& path);

// "~/x" under the home folder; all else as it is.
std::string expand_home(std::string path, const std::optional<std::string>& home);

}  // namespace dossier::aws
