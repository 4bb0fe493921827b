// Where a request came from, when proxies pass it on.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace dossier::http {

// A range of addresses in CIDR notation. IPv4 and IPv4 in IPv6's form (::ffff:10.0.0.1) are the same.
struct address_network {
  std::array<std::uint8_t, 16> first{};
  unsigned prefix = 128;  // how many bits of `first` count, from the left
};

// "10.0.0.0/8", "fd00::/8", or a single address. invalid: it is neither; the message says how to write it.
base::result<address_network> parse_network(std::string_view text);

using header_field = std::pair<std::string_view, std::string_view>;  // name and value, in the order they came

// The client's address, without port. `peer` is the address of the connection. If it is in `proxies`,
// X-Forwarded-For says who it passed the request on for: each proxy adds, at the right, the address that it
// saw. So the fields are read from the right, as long as the address is that of a proxy too; what stands
// left of the first other address is the client's own word, and is not believed. What is not an address ends
// the reading, and so does the 32nd one.
std::string client_address(std::string_view peer, std::span<const header_field> fields,
                           std::span<const address_network> proxies);

// The name under which a client shares what is scarce: its address or, of an IPv6 client, its /64 network,
// because such a network has one owner, who can use any of its addresses.
std::string client_network(const std::string& address);

}  // namespace dossier::http
