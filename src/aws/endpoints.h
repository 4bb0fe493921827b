// The endpoints of AWS's services: AWS's own hosts, or the ones that the settings name.
#pragma once

#include <string>
#include <string_view>

#include "aws/request.h"
#include "aws/settings.h"
#include "base/result.h"

namespace dossier::aws {

// Tell which hosts are addresses, and which are this machine. Pure.

// Four decimal numbers with dots between them; a name like 127.evil.example is not one.
bool is_ipv4_address(std::string_view host);
// An IPv4 address, or an IPv6 address in brackets, as in a URL.
bool is_ip_address(std::string_view host);

// "localhost", an address of 127/8, or ::1.
bool is_this_machine(std::string_view host);

// The host of a URL, without the port, in unchanged case; empty when there is none.
std::string_view host_of_url(std::string_view url);

// AWS's partitions: separate sets of regions, each with host names of its own. Pure.
struct partition {
  std::string_view regions;     // what the regions' names begin with: "us-gov-"
  std::string_view suffix;      // of hosts: "amazonaws.com"
  std::string_view dual_stack;  // of hosts that answer over IPv6 too
  bool has_fips = true;
};

// The partition of a region. The largest partition has all regions that no other one names.
const partition& partition_of(std::string_view region);

enum class service { s3, dynamodb, ssm, secrets_manager, sts };

// AWS's own endpoint for the region, unless the settings name another one. Error: invalid, when the region is
// missing, the settings' URL is wrong, or there is no endpoint of the requested kind (FIPS, dual stack).
base::result<endpoint> endpoint_of(const settings& all, service which);
// The same for another region than the one in the settings.
base::result<endpoint> endpoint_of(const settings& all, service which, std::string region);

// AWS's own host for a service, given its name in host names ("s3", "portal.sso"). Error: invalid, as above.
base::result<std::string> host_of(std::string_view service, std::string_view region,
                                  const endpoint_kind& kind);

}  // namespace dossier::aws
