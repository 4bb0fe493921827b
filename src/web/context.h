// What all handlers of pages and API use: the use cases of the domain, and the settings of this tier.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/clock.h"
#include "base/result.h"
#include "domain/intake.h"
#include "domain/people.h"
#include "domain/second_factor.h"
#include "domain/set_up.h"
#include "domain/sign_in.h"
#include "web/api/openapi.h"
#include "web/rate_limits.h"

namespace dossier::web {

struct web_settings {
  // Host names of Dossier besides localhost and loopback addresses: hosts without a port, or whole addresses
  // such as https://dossier.example.org.
  std::vector<std::string> allowed_hosts = {};
  std::uint64_t field_bytes = 64 * 1024;  // all fields of a form or a JSON body together
  request_rates rates = {};
  bool operations_here = true;     // the routes for operators have no listener of their own
  bool knows_proxies = false;      // the proxies in front are named
  bool public_intake = true;       // the form can be submitted without an account
  bool may_be_open = true;         // without accounts, everybody who reaches the server may do all
  std::string public_origin = {};  // https://dossier.example.org; empty: the address that was asked for
  bool https = false;              // people come over TLS: send HSTS, accept only https origins
  std::string version = {};        // of the binary, for the footer and OpenAPI
};

struct store_health {
  std::string store;  // records, objects, catalog
  bool healthy = true;
  std::string detail;  // safe to show: "answers in 2 ms", "is not reachable"
};

// What the endpoints for operators (probes.cc) call; app fills it in.
struct operations {
  std::function<bool()> ready;                                         // started and not draining
  std::function<awaitable<std::vector<store_health>>()> check_stores;  // each within a time limit
  std::function<awaitable<std::string>()> metrics;                     // Prometheus text format
};

struct context {
  domain::intake& intake;
  domain::people& people;
  base::clock& clock;
  operations ops;
  web_settings settings;
  std::shared_ptr<api::published_api> api = std::make_shared<api::published_api>(settings.version);
  // Null: nobody has to sign in, and nobody can.
  domain::sign_in* sign_in = nullptr;
  // Null as sign_in is.
  domain::second_factor* second_factor = nullptr;
  // Null: there is no audit log to show.
  domain::audit_log* audit = nullptr;
  // Null: no set-up link was configured. It works until there is an account.
  domain::set_up* set_up = nullptr;
};

}  // namespace dossier::web
