#include "app/address_settings.h"

#include <utility>

#include "app/listen_address.h"
#include "app/setting_kinds.h"
#include "app/values.h"
#include "web/public_address.h"

namespace dossier::app {

using kinds::list, kinds::text;

// Reads what is given only to say what is wrong with it; whoever listens takes it apart again.
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

// Each as a Host header may have it; what no browser would ever send is refused.
setting allowed_hosts_setting() {
  setting row =
      list({"allowed_hosts", "", "Hosts by which browsers reach Dossier, besides localhost; without ports"},
           [](auto& s) -> auto& { return s.web.allowed_hosts; });
  row.assign = [](settings& to, std::string_view given) -> base::result<void> {
    std::vector<std::string> hosts;
    for (const auto& each : parse_list(given)) {
      auto host = web::parse_allowed_host(each);
      if (!host && !web::parse_public_url(each)) return base::pass(host);
      hosts.push_back(host ? std::move(*host) : each);
    }
    to.web.allowed_hosts = std::move(hosts);
    return {};
  };
  return row;
}

setting public_url_setting() {
  setting row = text({"public_url", "URL",
                      "The address that people type, where it is a proxy's: https://dossier.example.org"},
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
