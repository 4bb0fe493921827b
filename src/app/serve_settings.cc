#include "app/serve_settings.h"

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "app/command_line.h"
#include "base/expects.h"
#include "http/client_address.h"
#include "web/public_address.h"

namespace dossier::app {
namespace {

std::vector<http::address_network> networks_of(const std::vector<std::string>& texts) {
  std::vector<http::address_network> all;
  for (const auto& text : texts) {
    const auto one = http::parse_network(text);
    base::expects(one.has_value(), "the networks in the settings were checked");
    all.push_back(*one);
  }
  return all;
}

}  // namespace

settings with_shared_memory(settings chosen, const stores::locations& where) {
  if (std::holds_alternative<stores::s3_location>(where.objects)) {
    chosen.upload_memory /= 2;
    chosen.stores.s3.sizes.memory = chosen.upload_memory;
  }
  return chosen;
}

http::server_settings server_settings_of(const settings& chosen, const listen_address& where,
                                         connection_share share, base::upload_memory& memory) {
  base::expects(share.connections > 0, "there is room for a connection");
  auto server = chosen.server;
  server.address = where.host;
  server.port = where.port;
  server.limits.connections = share.connections;
  server.limits.turned_away = share.turned_away;
  server.memory = &memory;
  server.proxies = networks_of(chosen.proxies);
  return server;
}

web::web_settings web_settings_of(const settings& chosen) {
  auto web = chosen.web;
  if (const auto address = web::parse_public_url(chosen.public_url)) {
    web.public_origin = address->origin;
    web.allowed_hosts.push_back(address->origin);
    web.https = web.https || address->https;
  }
  web.https = web.https || !chosen.server.certificate_file.empty();
  web.version = own_version;
  web.operations_here = chosen.operations_listen.empty();
  web.knows_proxies = !chosen.proxies.empty();
  const auto where = parse_listen_address(chosen.listen);
  web.may_be_open = where && is_loopback(where->host);
  return web;
}

}  // namespace dossier::app
