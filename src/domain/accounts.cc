#include "domain/accounts.h"

#include <array>

#include "base/expects.h"

namespace dossier::domain {
namespace {

constexpr std::array<std::string_view, 4> role_names{"intake", "viewer", "editor", "admin"};

}  // namespace

std::string_view to_string(role which) {
  const auto at = static_cast<std::size_t>(which);
  base::expects(at < role_names.size(), "a role is one of the four");
  return role_names[at];
}

std::optional<role> parse_role(std::string_view text) {
  for (std::size_t i = 0; i < role_names.size(); ++i) {
    if (role_names[i] == text) return static_cast<role>(i);
  }
  return std::nullopt;
}

}  // namespace dossier::domain
