#include "web/public_address.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <boost/asio/ip/address_v6.hpp>

#include "base/ascii.h"

namespace dossier::web {
namespace {

std::unexpected<base::error> wrong(std::string_view text, std::string_view why) {
  return base::fail(base::error_code::invalid, fmt::format("\"{}\" {}", text, why));
}

bool is_name(std::string_view text) {
  return !text.empty() && !text.starts_with('.') && text.find("..") == std::string_view::npos &&
         std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
         });
}

base::result<std::string> parse_v6(std::string_view text) {
  boost::system::error_code failed;
  const auto address = boost::asio::ip::make_address_v6(std::string(text), failed);
  if (failed) return wrong(text, "is not a host: write a name, 192.0.2.1 or [2001:db8::1]");
  return "[" + address.to_string() + "]";
}

bool is_port(std::string_view text) {
  unsigned port = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), port);
  return !text.empty() && read.ptr == text.data() + text.size() && port > 0 && port <= 65535;
}

}  // namespace

std::string_view without_port(std::string_view host) {
  if (host.starts_with('[')) {
    const auto end = host.find(']');
    return end == std::string_view::npos ? host : host.substr(0, end + 1);
  }
  return host.substr(0, host.find(':'));
}

std::string_view without_default_port(std::string_view authority, std::string_view scheme) {
  const std::string_view port = scheme == "https" ? ":443" : ":80";
  if (authority.ends_with(port)) authority.remove_suffix(port.size());
  return authority;
}

base::result<std::string> parse_allowed_host(std::string_view text) {
  const auto lower = base::ascii_lower(text);
  std::string_view host = lower;
  if (host.find("://") != std::string_view::npos) {
    return wrong(text,
                 "is a URL, but not the address of a whole site: write https://dossier.example.org, or the "
                 "host alone");
  }
  if (host.find('*') != std::string_view::npos) {
    return wrong(text, "has a wildcard, but others can make any name below it lead here: name each host");
  }
  if (host.starts_with('[')) {
    if (!host.ends_with(']')) return wrong(text, "has a port: write the host alone, it holds for every port");
    return parse_v6(host.substr(1, host.size() - 2));
  }
  const auto colons = std::ranges::count(host, ':');
  if (colons > 1) return parse_v6(host);
  if (colons == 1) return wrong(text, "has a port: write the host alone, it holds for every port");
  if (std::ranges::any_of(host, [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) {
    return wrong(text, "is not as browsers send it: write it in ASCII, as xn--mnchen-3ya.example");
  }
  if (host.ends_with('.')) host.remove_suffix(1);
  if (!is_name(host)) return wrong(text, "is not a host: write a name, 192.0.2.1 or [2001:db8::1]");
  return std::string(host);
}

base::result<public_address> parse_public_url(std::string_view text) {
  const auto lower = base::ascii_lower(text);
  std::string_view rest = lower;
  public_address where;
  where.https = rest.starts_with("https://");
  const std::string_view scheme = where.https ? "https" : "http";
  if (!where.https && !rest.starts_with("http://")) {
    return wrong(text, "does not begin with http:// or https://: write it as https://dossier.example.org");
  }
  rest.remove_prefix(scheme.size() + 3);
  if (rest.ends_with('/')) rest.remove_suffix(1);
  if (rest.find_first_of("/?#@") != std::string_view::npos) {
    return wrong(text, "has more than a host and a port: Dossier's pages begin at /");
  }
  const auto name = without_port(rest);
  const auto port = rest.substr(name.size());
  if (!port.empty() && (!port.starts_with(':') || !is_port(port.substr(1)))) {
    return wrong(text, "has no valid port: write it as https://dossier.example.org:8443");
  }
  auto host = parse_allowed_host(name);
  if (!host) return wrong(text, "has no valid host: write it as https://dossier.example.org");
  where.host = std::move(*host);
  where.origin = fmt::format("{}://{}", scheme, without_default_port(where.host + std::string(port), scheme));
  return where;
}

}  // namespace dossier::web
