// The settings that are addresses: where to listen, by which host names and web addresses people reach
// Dossier, and where the stores are. A value that can never work is refused when it is read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "app/settings.h"
#include "base/result.h"
#include "stores/locations.h"

namespace dossier::app {

// Where to listen. As long as there are no accounts, only loopback is allowed (needs_accounts()).
struct listen_address {
  std::string host;  // an address or a name, without brackets
  std::uint16_t port = 0;
  bool operator==(const listen_address&) const = default;
};

// "127.0.0.1:8080", "[::1]:8080", "localhost:8080"; port 0 is any free one.
base::result<listen_address> parse_listen_address(std::string_view text);
std::string show(const listen_address& where);

// True for 127.0.0.0/8, ::1, ::ffff:127.0.0.0/104 and localhost.
bool is_loopback(std::string_view host);

// Why Dossier does not listen on an address that other machines can reach, as long as there are no accounts,
// and what to do.
base::error needs_accounts(const listen_address& where);

setting listen_setting();
setting allowed_hosts_setting();
setting public_url_setting();
setting proxies_setting();
setting operations_listen_setting();

// The settings that say where the stores are. Each is a URL:
//
//   records   sqlite:FILE   mysql://USER@[HOST[:PORT]]/DATABASE
//   objects   folder:DIR    s3://BUCKET[/PREFIX]
//   catalog   sqlite:FILE   dynamodb://TABLE
//
// FILE and DIR are paths as they stand, not percent-encoded. A password is never part of a URL: a URL is
// shown, logged and seen in the process list.

// The error says how to write it, and repeats nothing that could be a password.
base::result<stores::records_location> parse_records_url(std::string_view url);
base::result<stores::objects_location> parse_objects_url(std::string_view url);
base::result<stores::catalog_location> parse_catalog_url(std::string_view url);

struct host_and_port {
  std::string host;  // without brackets
  std::uint16_t port = 0;
  bool operator==(const host_and_port&) const = default;
};

// "db.example.com", "db.example.com:3306", "[::1]:3306".
base::result<host_and_port> parse_host(std::string_view text, std::uint16_t usual_port);

}  // namespace dossier::app
