#include "app/listen_address.h"

#include <fmt/format.h>
#include <boost/asio/ip/address.hpp>

#include "app/values.h"

namespace dossier::app {

using base::error_code;

base::result<listen_address> parse_listen_address(std::string_view text) {
  const auto wrong = [&] {
    return base::fail(error_code::invalid,
                      fmt::format("\"{}\" is not HOST:PORT; write it as 127.0.0.1:8080 or [::1]:8080", text));
  };
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return wrong();
  const auto port = parse_count(text.substr(colon + 1));
  if (!port || *port > 65535) return wrong();

  auto host = text.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  } else if (host.find_first_of("[]:") != std::string_view::npos) {
    return wrong();
  }
  if (host.empty()) return wrong();
  return listen_address{std::string(host), static_cast<std::uint16_t>(*port)};
}

std::string show(const listen_address& where) {
  const bool v6 = where.host.find(':') != std::string::npos;
  return v6 ? fmt::format("[{}]:{}", where.host, where.port) : fmt::format("{}:{}", where.host, where.port);
}

bool is_loopback(std::string_view host) {
  if (host == "localhost") return true;
  boost::system::error_code problem;
  const auto address = boost::asio::ip::make_address(host, problem);
  if (problem) return false;
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, address.to_v6()).is_loopback();
  }
  return address.is_loopback();
}

base::result<void> may_listen_on(const listen_address& where) {
  if (is_loopback(where.host)) return {};
  return base::fail(
      error_code::invalid,
      fmt::format("Dossier does not listen on {}: there are no accounts yet, so everyone who can reach that\n"
                  "address could read, change and delete every record. Listen on this machine only, with\n"
                  "  dossier serve --listen 127.0.0.1:{}\n"
                  "and reach it from another machine through an SSH tunnel:\n"
                  "  ssh -L {}:127.0.0.1:{} USER@THIS_MACHINE\n"
                  "or put a reverse proxy that asks people to sign in on this machine, in front of it.",
                  show(where), where.port, where.port, where.port));
}

}  // namespace dossier::app
