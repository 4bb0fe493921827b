// "Did you mean …": the known name that is nearest to one that is not.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace dossier::app {

// Insertions, removals, replacements and swaps of neighbours that make one of the other.
std::size_t edit_distance(std::string_view a, std::string_view b);

// Compares with whole names, and with what follows their last dot. Empty when there are no candidates.
std::string_view nearest(std::string_view name, std::span<const std::string_view> candidates);

}  // namespace dossier::app
