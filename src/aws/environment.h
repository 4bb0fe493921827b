// The process's environment variables as a dependency.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace dossier::aws {

// The value of a variable; nothing where it is absent or empty.
using environment = std::function<std::optional<std::string>(std::string_view name)>;

// Of this process.
environment process_environment();

}  // namespace dossier::aws
