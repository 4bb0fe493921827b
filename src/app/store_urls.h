// The settings that say where the stores are. Each is a URL:
//
//   records   sqlite:FILE   mysql://USER@HOST:PORT/DATABASE
//   objects   folder:DIR    s3://BUCKET/PREFIX
//   catalog   sqlite:FILE   dynamodb://TABLE
//
// FILE and DIR are paths as they stand, not percent-encoded. A password is never part of a URL: a URL is
// shown, logged and seen in the process list.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "stores/locations.h"

namespace dossier::app {

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
