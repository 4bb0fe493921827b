#include "aws/hosts.h"

#include <algorithm>
#include <array>

#include <arpa/inet.h>

namespace dossier::aws {

bool is_ipv4_address(std::string_view host) {
  std::array<char, INET_ADDRSTRLEN> text{};
  if (host.empty() || host.size() >= text.size()) return false;
  std::ranges::copy(host, text.begin());
  in_addr ignored{};
  return ::inet_pton(AF_INET, text.data(), &ignored) == 1;
}

bool is_ip_address(std::string_view host) {
  return is_ipv4_address(host) || host.starts_with('[');
}

bool is_this_machine(std::string_view host) {
  if (host == "localhost" || host == "::1" || host == "[::1]") return true;
  return host.starts_with("127.") && is_ipv4_address(host);
}

std::string_view host_of_url(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  const auto rest = url.substr(scheme + 3);
  const auto authority = rest.substr(0, rest.find_first_of("/?#"));
  const auto host = authority.substr(authority.rfind('@') + 1);
  if (host.starts_with('[')) return host.substr(0, std::min(host.find(']'), host.size() - 1) + 1);
  return host.substr(0, host.find(':'));
}

}  // namespace dossier::aws
