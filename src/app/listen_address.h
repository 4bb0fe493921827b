// Where to listen, and the rule that goes with it: as long as there are no accounts, only on loopback.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace dossier::app {

struct listen_address {
  std::string host;  // an address or a name, without brackets
  std::uint16_t port = 0;
  bool operator==(const listen_address&) const = default;
};

// "127.0.0.1:8080", "[::1]:8080", "localhost:8080"; port 0 is any free one.
base::result<listen_address> parse_listen_address(std::string_view text);
std::string show(const listen_address& where);

// 127.0.0.0/8, ::1 (and ::ffff:127.0.0.0/104) or localhost.
bool is_loopback(std::string_view host);

// invalid, with what to do instead, when the address can be reached from other machines.
base::result<void> may_listen_on(const listen_address& where);

}  // namespace dossier::app
