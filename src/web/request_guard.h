// What is refused before a route's handler runs: requests that reach us under a name that is not ours (a
// rebound DNS name would let any web site read people's details), changes that another site makes a browser
// send, and who may not use the route.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/async.h"
#include "http/message.h"
#include "web/context.h"
#include "web/problem.h"
#include "web/router.h"

namespace dossier::web {

class request_guard {
 public:
  explicit request_guard(const web_settings& settings);

  // 421 for a foreign Host, but for what probes ask; 403 for a cross-site change; nothing when all is well.
  // Clients that are no browsers send neither Origin nor Sec-Fetch-Site and are let through. Where no route
  // was found, a method that changes things may come from our own pages only. It may wait for a store.
  awaitable<std::optional<problem>> refuse(const http::request& req, const router::match& asked) const;

 private:
  std::optional<problem> refuse_host(const http::request& req, const router::match& asked) const;
  std::optional<problem> refuse_other_site(const http::request& req, const router::match& asked) const;
  bool is_our_host(std::string_view host) const;
  bool is_our_origin(std::string_view origin, const http::request& req) const;

  std::vector<std::string> hosts_;    // all that are ours
  std::vector<std::string> names_;    // of them, those that were given without scheme and port
  std::vector<std::string> origins_;  // of the addresses that were given whole
  bool https_;
};

}  // namespace dossier::web
