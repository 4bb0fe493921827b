#include "app/address_settings.h"

#include <utility>

#include <fmt/format.h>
#include <boost/asio/ip/address.hpp>

#include "app/setting_kinds.h"
#include "app/values.h"
#include "web/public_address.h"

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

using kinds::list, kinds::text;

// Parses the value only to say what is wrong with it; serve() parses it again.
setting listen_setting() {
  setting row =
      text({"listen", "HOST:PORT", "Where to listen; only on this machine as long as there are no accounts"},
           [](auto& s) -> auto& { return s.listen; });
  row.assign = [](settings& to, std::string_view given) -> base::result<void> {
    auto where = parse_listen_address(given);
    if (!where) return base::pass(where);
    to.listen = std::string(given);
    return {};
  };
  return row;
}

// Each entry is a host as in a Host header, or a whole address; what no browser would ever send is refused.
setting allowed_hosts_setting() {
  setting row =
      list({"allowed_hosts", "", "Hosts by which browsers reach Dossier, besides localhost; without ports"},
           [](auto& s) -> auto& { return s.web.allowed_hosts; });
  row.assign = [](settings& to, std::string_view given) -> base::result<void> {
    std::vector<std::string> hosts;
    for (const auto& each : parse_list(given)) {
      auto host = web::parse_allowed_host(each);
      if (!host && !web::parse_public_url(each)) return base::pass(host);
      hosts.push_back(host ? *host : each);
    }
    to.web.allowed_hosts = std::move(hosts);
    return {};
  };
  return row;
}

setting public_url_setting() {
  setting row = text({"public_url", "URL",
                      "The address that people type, if it is that of a proxy: https://dossier.example.org"},
                     [](auto& s) -> auto& { return s.public_url; });
  row.assign = [](settings& to, std::string_view given) -> base::result<void> {
    if (!given.empty()) {
      auto where = web::parse_public_url(given);
      if (!where) return base::pass(where);
    }
    to.public_url = std::string(given);
    return {};
  };
  return row;
}

}  // namespace dossier::app
