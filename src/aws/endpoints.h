// Where AWS's services are called: at their own hosts, or where the settings say.
#pragma once

#include <string>
#include <string_view>

#include "aws/request.h"
#include "aws/settings.h"
#include "base/result.h"

namespace dossier::aws {

// Which hosts are addresses, and which are this machine. Pure.

// Four decimal numbers with dots between them; a name like 127.evil.example is not one.
bool is_ipv4_address(std::string_view host);
// An IPv4 address, or an IPv6 address in brackets, as in a URL.
bool is_ip_address(std::string_view host);

// "localhost", an address of 127/8, or ::1.
bool is_this_machine(std::string_view host);

// The host of a URL, without the port, in the case in which it is written; empty when there is none.
std::string_view host_of_url(std::string_view url);

// AWS's partitions: separate sets of regions, each with host names of its own. Pure.
struct partition {
  std::string_view regions;     // what the regions' names begin with: "us-gov-"
  std::string_view suffix;      // of hosts: "amazonaws.com"
  std::string_view dual_stack;  // of hosts that answer over IPv6 too
  bool has_fips = true;
};

// All regions that no other partition names are in the largest one.
const partition& partition_of(std::string_view region);

enum class service { s3, dynamodb, ssm, secrets_manager, sts };

// AWS's own endpoint for the region, unless the settings name another one. invalid: the region is missing,
// the settings' URL is wrong, or there is no endpoint of the kind that is asked for (FIPS, dual stack).
base::result<endpoint> endpoint_of(const settings& all, service which);
// The same in another region than the settings'.
base::result<endpoint> endpoint_of(const settings& all, service which, std::string region);

// AWS's own host for a service by its name in host names ("s3", "portal.sso").
base::result<std::string> host_of(std::string_view service, std::string_view region,
                                  const endpoint_kind& kind);

}  // namespace dossier::aws
