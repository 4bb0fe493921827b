#include "aws/endpoints.h"

#include <algorithm>
#include <array>
#include <utility>

#include <arpa/inet.h>
#include <fmt/format.h>

#include "base/expects.h"

namespace dossier::aws {

bool is_ipv4_address(std::string_view host) {
  std::array<char, INET_ADDRSTRLEN> text{};
  if (host.empty() || host.size() >= text.size()) return false;
  std::ranges::copy(host, text.begin());
  in_addr ignored{};
  return ::inet_pton(AF_INET, text.data(), &ignored) == 1;
}

bool is_ip_address(std::string_view host) {
  return is_ipv4_address(host) || host.starts_with('[');
}

bool is_this_machine(std::string_view host) {
  if (host == "localhost" || host == "::1" || host == "[::1]") return true;
  return host.starts_with("127.") && is_ipv4_address(host);
}

std::string_view host_of_url(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  const auto rest = url.substr(scheme + 3);
  const auto authority = rest.substr(0, rest.find_first_of("/?#"));
  const auto host = authority.substr(authority.rfind('@') + 1);
  if (host.starts_with('[')) return host.substr(0, std::min(host.find(']'), host.size() - 1) + 1);
  return host.substr(0, host.find(':'));
}

namespace {

// From botocore's partitions.json.
constexpr partition most{.regions = "", .suffix = "amazonaws.com", .dual_stack = "api.aws"};
constexpr std::array<partition, 7> others{{
    {"us-gov-", "amazonaws.com", "api.aws"},
    {"cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn", false},
    {"eusc-", "amazonaws.eu", "api.amazonwebservices.eu"},
    {"us-iso-", "c2s.ic.gov", "api.aws.ic.gov"},
    {"us-isob-", "sc2s.sgov.gov", "api.aws.scloud"},
    {"us-isof-", "csp.hci.ic.gov", "api.aws.hci.ic.gov"},
    {"eu-isoe-", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"},
}};

}  // namespace

const partition& partition_of(std::string_view region) {
  const auto found = std::ranges::find_if(
      others, [region](const partition& each) { return region.starts_with(each.regions); });
  return found == others.end() ? most : *found;
}

namespace {

using base::error_code;

struct service_names {
  std::string_view host;
  const char* variable;
};

service_names names_of(service which) {
  switch (which) {
    case service::s3:
      return {"s3", "AWS_ENDPOINT_URL_S3"};
    case service::dynamodb:
      return {"dynamodb", "AWS_ENDPOINT_URL_DYNAMODB"};
    case service::ssm:
      return {"ssm", "AWS_ENDPOINT_URL_SSM"};
    case service::secrets_manager:
      return {"secretsmanager", "AWS_ENDPOINT_URL_SECRETS_MANAGER"};
    case service::sts:
      return {"sts", "AWS_ENDPOINT_URL_STS"};
  }
  base::not_reached();
}

std::string given_endpoint(const settings& all, const char* variable) {
  if (all.ignore_endpoints) return {};
  for (const auto* each : {variable, "AWS_ENDPOINT_URL"}) {
    if (auto value = all.variables(each)) return *value;
  }
  return profile_value(all, "endpoint_url");
}

base::result<endpoint> read_endpoint(const settings& all, const std::string& given, const char* variable,
                                     std::string region) {
  // The message does not repeat the value, which may hold a password.
  const auto which = fmt::format("{} (or AWS_ENDPOINT_URL, or endpoint_url of the profile)", variable);
  // Clones of AWS rarely use the region, but the signature needs one.
  auto found = parse_endpoint(given, region.empty() ? "us-east-1" : std::move(region));
  if (!found) {
    return base::fail(error_code::invalid, which + " is not an http(s) URL of a host and a port");
  }
  if (all.kind.fips || all.kind.dual_stack) {
    return base::fail(
        error_code::invalid,
        which +
            " does not go together with AWS_USE_FIPS_ENDPOINT or AWS_USE_DUALSTACK_ENDPOINT: unset the "
            "URL, or those");
  }
  found->buckets = all.buckets;
  return std::move(*found);
}

// Whether the FIPS endpoint has a different name. In GovCloud the plain name is a FIPS endpoint, except for
// two services.
bool has_name_of_its_own(std::string_view service, std::string_view region, const endpoint_kind& kind) {
  if (!region.starts_with("us-gov-") || kind.dual_stack) return true;
  return service == "s3" || service == "secretsmanager";
}

// Whether the plain name also answers over IPv6.
bool is_dual_by_itself(std::string_view service, std::string_view region) {
  const auto& hosts = partition_of(region).dual_stack;
  return service == "secretsmanager" && (hosts == "api.aws" || hosts == "api.amazonwebservices.com.cn");
}

}  // namespace

base::result<std::string> host_of(std::string_view service, std::string_view region,
                                  const endpoint_kind& kind) {
  if (!is_region(region)) {
    return base::fail(error_code::invalid,
                      "AWS_REGION: name the region; neither the variables nor the profile nor an instance's "
                      "metadata say which");
  }
  const auto& part = partition_of(region);
  if (kind.fips && !part.has_fips) {
    return base::fail(
        error_code::invalid,
        fmt::format("AWS_USE_FIPS_ENDPOINT: there are no FIPS endpoints in {}; unset it", region));
  }
  const bool fips = kind.fips && has_name_of_its_own(service, region, kind);
  const auto name = fmt::format("{}{}", service, fips ? "-fips" : "");
  if (!kind.dual_stack || is_dual_by_itself(service, region)) {
    return fmt::format("{}.{}.{}", name, region, part.suffix);
  }
  if (service == "s3") return fmt::format("{}.dualstack.{}.{}", name, region, part.suffix);
  return fmt::format("{}.{}.{}", name, region, part.dual_stack);
}

base::result<endpoint> endpoint_of(const settings& all, service which) {
  return endpoint_of(all, which, all.region);
}

base::result<endpoint> endpoint_of(const settings& all, service which, std::string region) {
  const auto names = names_of(which);
  const auto given = given_endpoint(all, names.variable);
  if (!given.empty()) return read_endpoint(all, given, names.variable, std::move(region));
  auto host = host_of(names.host, region, all.kind);
  if (!host) return base::pass(host);
  return endpoint{.host = std::move(*host), .region = std::move(region), .buckets = all.buckets};
}

}  // namespace dossier::aws
