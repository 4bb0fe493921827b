// Refuses requests before their handler runs: those to a host name that is not one of Dossier's (by DNS
// rebinding any web site could read people's details), changes that another site makes a browser send, and
// requests by those who may not use the route.
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

  // 421 for a Host that is not one of Dossier's, except on the routes for probes; 403 for a change from
  // another site; empty if the request may go on. Clients that are not browsers send neither Origin nor
  // Sec-Fetch-Site, and may go on. If no route was found, a method that changes things may come only from
  // Dossier's own pages. It is a coroutine so that a check of who may use a route can ask a store.
  awaitable<std::optional<problem>> refuse(const http::request& req, const router::match& asked) const;

 private:
  std::optional<problem> refuse_host(const http::request& req, const router::match& asked) const;
  std::optional<problem> refuse_other_site(const http::request& req, const router::match& asked) const;
  bool is_our_host(std::string_view host) const;
  bool is_our_origin(std::string_view origin, const http::request& req) const;

  std::vector<std::string> hosts_;    // all host names of Dossier
  std::vector<std::string> names_;    // those of them that were set as a host alone
  std::vector<std::string> origins_;  // of those that were set as a whole address
  bool https_;
};

}  // namespace dossier::web
