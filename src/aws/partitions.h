// The parts of AWS that have nothing in common but the software: each has host names of its own. Pure.
#pragma once

#include <string_view>

namespace dossier::aws {

struct partition {
  std::string_view regions;     // what their names begin with: "us-gov-"
  std::string_view suffix;      // of hosts: "amazonaws.com"
  std::string_view dual_stack;  // of those that answer over IPv6 too
  bool has_fips = true;
};

// That of all other regions is the first and largest.
const partition& partition_of(std::string_view region);

}  // namespace dossier::aws
