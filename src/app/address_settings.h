// The rows of settings.h's table for addresses: where to listen, and by which host names and web addresses
// people reach Dossier. A value that can never work is refused when it is read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "app/settings.h"
#include "base/result.h"

namespace dossier::app {

// Where to listen. As long as there are no accounts, only loopback is allowed (may_listen_on()).
struct listen_address {
  std::string host;  // an address or a name, without brackets
  std::uint16_t port = 0;
  bool operator==(const listen_address&) const = default;
};

// "127.0.0.1:8080", "[::1]:8080", "localhost:8080"; port 0 is any free one.
base::result<listen_address> parse_listen_address(std::string_view text);
std::string show(const listen_address& where);

// True for 127.0.0.0/8, ::1, ::ffff:127.0.0.0/104 and localhost.
bool is_loopback(std::string_view host);

// invalid: other machines could reach the address; the message says what to do instead.
base::result<void> may_listen_on(const listen_address& where);

setting listen_setting();
setting allowed_hosts_setting();
setting public_url_setting();

}  // namespace dossier::app
