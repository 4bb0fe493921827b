// Hosts of URLs that lead no further than this machine. Pure.
#pragma once

#include <string_view>

namespace dossier::aws {

// Four decimal numbers with dots between: no name passes for one, as 127.evil.example would.
bool is_ipv4_address(std::string_view host);
// In a URL an IPv6 address stands in brackets.
bool is_ip_address(std::string_view host);

// "localhost", an address of 127/8, or ::1.
bool is_this_machine(std::string_view host);

// The host of a URL, in lower case or not as it stands there, without port; empty where there is none.
std::string_view host_of_url(std::string_view url);

}  // namespace dossier::aws
