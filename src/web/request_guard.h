// What is refused before routing: requests that reach us under a name that is not ours (a rebound DNS name
// would let any web site read people's details), and changes that another site makes a browser send.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"
#include "web/context.h"
#include "web/problem.h"

namespace dossier::web {

class request_guard {
 public:
  explicit request_guard(const web_settings& settings);

  // 421 for a foreign Host, but for what probes ask; 403 for a cross-site change; nothing when all is well.
  // Clients that are no browsers send neither Origin nor Sec-Fetch-Site and are let through.
  std::optional<problem> refuse(const http::request& req) const;

 private:
  bool is_our_host(std::string_view host) const;
  bool is_our_origin(std::string_view origin, const http::request& req) const;

  std::vector<std::string> hosts_;    // all that are ours
  std::vector<std::string> names_;    // of them, those that were given without scheme and port
  std::vector<std::string> origins_;  // of the addresses that were given whole
  bool https_;
};

}  // namespace dossier::web
