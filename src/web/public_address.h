// Parses the settings for the addresses under which people reach Dossier. An address that can never match is
// refused at start; otherwise every request would be refused later.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace dossier::web {

// A host as browsers send it, without a port: a name in lower case, 192.0.2.1, [2001:db8::1]. The error says
// what to write instead of a port, a wildcard, or letters that are not ASCII.
base::result<std::string> parse_allowed_host(std::string_view text);

struct public_address {
  std::string origin;  // as in an Origin header: https://dossier.example.org, without the default port
  std::string host;    // as parse_allowed_host() returns it
  bool https = false;
};
// http://HOST or https://HOST, with or without a port; only a single / may follow.
base::result<public_address> parse_public_url(std::string_view text);

// The authority without the scheme's default port: an Origin header leaves it out, but a Host header may have
// it.
std::string_view without_default_port(std::string_view authority, std::string_view scheme);
// The host without its port: "localhost" of "localhost:8080", "[::1]" of "[::1]:8080".
std::string_view without_port(std::string_view host);

}  // namespace dossier::web
