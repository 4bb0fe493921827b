// The guard that the frame asks before it calls a handler.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"
#include "web/context.h"
#include "web/problem.h"
#include "web/router.h"

namespace dossier::web {

// Refuses requests before their handler runs: those to a host name that is not one of Dossier's (by DNS
// rebinding any web site could read people's details), and what another site makes a browser send.
class request_guard {
 public:
  explicit request_guard(const web_settings& settings);

  // 421 for a Host that is not one of Dossier's, except on routes with sent_from::any_host; 403 for a change
  // from another site; empty if the request may go on. Clients that are not browsers send neither Origin nor
  // Sec-Fetch-Site, and may go on, unless they send the cookie of a session (and no token), which only
  // browsers have. If no route was found, a method that changes things may come only from Dossier's own
  // pages.
  std::optional<problem> refuse(const http::request& req, const router::match& asked) const;

 private:
  std::optional<problem> refuse_host(const http::request& req, const router::match& asked) const;
  std::optional<problem> refuse_other_site(const http::request& req, const router::match& asked) const;
  bool is_our_host(std::string_view host) const;
  bool is_our_origin(std::string_view origin, const http::request& req) const;

  std::vector<std::string> hosts_;    // the hosts of all allowed_hosts
  std::vector<std::string> names_;    // those of them that were set as a host alone
  std::vector<std::string> origins_;  // of those that were set as a whole address
  bool https_;
};

// 127.0.0.0/8, in dotted decimal as browsers send it.
bool is_loopback_v4(std::string_view host);

}  // namespace dossier::web
