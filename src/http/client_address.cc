#include "http/client_address.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include "base/ascii.h"
#include "base/expects.h"

namespace dossier::http {
namespace {

namespace ip = boost::asio::ip;

using address_bytes = std::array<std::uint8_t, 16>;

constexpr int most_addresses = 32;
constexpr std::size_t longest_address = 45;
constexpr unsigned v4_bits_before = 96;

struct parsed_address {
  address_bytes bytes;
  bool v4 = false;
  std::string text;  // in one form, whichever it was written in
};

std::optional<parsed_address> parse_address(std::string_view text) {
  // A zone (fe80::1%eth0) means something on one machine only.
  if (text.empty() || text.size() > longest_address || text.contains('%')) return std::nullopt;
  boost::system::error_code wrong;
  const auto found = ip::make_address(std::string(text), wrong);
  if (wrong) return std::nullopt;
  if (found.is_v4()) {
    return parsed_address{ip::make_address_v6(ip::v4_mapped, found.to_v4()).to_bytes(), true,
                          found.to_string()};
  }
  const auto v6 = found.to_v6();
  if (v6.is_v4_mapped())
    return parsed_address{v6.to_bytes(), true, ip::make_address_v4(ip::v4_mapped, v6).to_string()};
  return parsed_address{v6.to_bytes(), false, v6.to_string()};
}

bool is_in(const address_bytes& one, const address_network& network) {
  base::expects(network.prefix <= 128, "an address has 128 bits");
  const auto whole = network.prefix / 8;
  const auto bits = network.prefix % 8;
  if (!std::equal(one.begin(), one.begin() + whole, network.first.begin())) return false;
  return bits == 0 || ((one[whole] ^ network.first[whole]) >> (8 - bits)) == 0;
}

bool is_in(const address_bytes& one, std::span<const address_network> networks) {
  return std::ranges::any_of(networks, [&](const auto& each) { return is_in(one, each); });
}

// Some proxies add the port: 10.0.0.1:4711 or [fd00::1]:4711.
std::string_view without_port(std::string_view text) {
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    return end == std::string_view::npos ? std::string_view() : text.substr(1, end - 1);
  }
  const auto colon = text.find(':');
  return colon != std::string_view::npos && text.find(':', colon + 1) == std::string_view::npos
             ? text.substr(0, colon)
             : text;
}

}  // namespace

base::result<address_network> parse_network(std::string_view text) {
  const auto wrong = [text] {
    return base::fail(
        base::error_code::invalid,
        fmt::format("\"{}\" is not a network; write it as 10.0.0.0/8, fd00::/8 or 192.0.2.7", text));
  };
  const auto slash = text.find('/');
  const auto address = parse_address(text.substr(0, slash));
  if (!address) return wrong();
  address_network found{.first = address->bytes, .prefix = 128};
  if (slash != std::string_view::npos) {
    const auto digits = text.substr(slash + 1);
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), found.prefix);
    if (read.ec != std::errc() || read.ptr != digits.data() + digits.size()) return wrong();
    if (found.prefix > (address->v4 ? 32U : 128U)) return wrong();
    if (address->v4) found.prefix += v4_bits_before;
  }
  return found;
}

std::string client_address(std::string_view peer, std::span<const header_field> fields,
                           std::span<const address_network> proxies) {
  const auto start = parse_address(peer);
  if (!start || !is_in(start->bytes, proxies)) return std::string(peer);
  auto client = start->text;
  int seen = 0;
  for (auto field = fields.rbegin(); field != fields.rend(); ++field) {
    if (!base::ascii_equal(field->first, "x-forwarded-for")) continue;
    auto rest = field->second;
    while (true) {
      const auto comma = rest.rfind(',');
      const auto entry = base::trim_blanks(comma == std::string_view::npos ? rest : rest.substr(comma + 1));
      const auto found = parse_address(without_port(entry));
      if (!found || ++seen > most_addresses) return client;
      client = found->text;
      if (!is_in(found->bytes, proxies)) return client;
      if (comma == std::string_view::npos) break;
      rest = rest.substr(0, comma);
    }
  }
  return client;
}

std::string client_network(const std::string& address) {
  boost::system::error_code wrong;
  const auto v6 = ip::make_address_v6(address, wrong);
  if (wrong || v6.is_v4_mapped() || v6.is_loopback()) return address;
  return ip::make_network_v6(v6, 64).canonical().to_string();
}

}  // namespace dossier::http
