#include "aws/endpoints.h"

#include <utility>

#include <fmt/format.h>

#include "aws/partitions.h"

namespace dossier::aws {
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
  std::unreachable();
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
  // What stands there instead may hold a password, and is not repeated.
  const auto which = fmt::format("{} (or AWS_ENDPOINT_URL, or endpoint_url of the profile)", variable);
  // Clones rarely care for the region, but the signature has one.
  auto found = parse_endpoint(given, region.empty() ? "us-east-1" : std::move(region));
  if (!found) {
    return base::fail(error_code::invalid, which + " is not an http(s) URL of a host and a port");
  }
  if (all.kind.fips || all.kind.dual_stack) {
    return base::fail(
        error_code::invalid,
        which +
            " is called as it is: unset AWS_USE_FIPS_ENDPOINT and AWS_USE_DUALSTACK_ENDPOINT, or "
            "the URL");
  }
  found->buckets = all.buckets;
  return std::move(*found);
}

// GovCloud's are FIPS endpoints under their plain names, but for two.
bool has_name_of_its_own(std::string_view service, std::string_view region, const endpoint_kind& kind) {
  if (!region.starts_with("us-gov-") || kind.dual_stack) return true;
  return service == "s3" || service == "secretsmanager";
}

// Answers over IPv6 under its plain name too.
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
