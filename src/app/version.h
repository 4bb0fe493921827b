// The version of this binary, as CMakeLists.txt says it.
#pragma once

#include <string_view>

namespace dossier::app {

inline constexpr std::string_view version = DOSSIER_VERSION;

}  // namespace dossier::app
