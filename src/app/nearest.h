// "Did you mean …": the known name that is nearest to one that is not.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace dossier::app {

// Insertions, removals, replacements and swaps of neighbours that make one of the other.
std::size_t edit_distance(std::string_view a, std::string_view b);

// Whether one may be the other mistyped: a third of it or less differs, or of what follows the last dot.
bool is_near(std::string_view name, std::string_view candidate);

// Compares with whole names, and with what follows their last dot. Empty when there are no candidates.
std::string_view nearest(std::string_view name, std::span<const std::string_view> candidates);

}  // namespace dossier::app
