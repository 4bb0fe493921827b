#include "aws/instance_region.h"

#include <algorithm>
#include <array>
#include <exception>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "aws/ascii.h"
#include "aws/curl_transport.h"
#include "aws/instance_metadata.h"

namespace dossier::aws {
namespace {

constexpr std::array<const char*, 5> elsewhere{
    "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"};

bool leads_elsewhere(const profile& chosen) {
  const auto source = chosen.find("credential_source");
  if (source != chosen.end()) return source->second != "Ec2InstanceMetadata";
  return std::ranges::any_of(
      std::array{"role_arn", "aws_access_key_id", "sso_account_id", "credential_process"},
      [&](const char* name) { return chosen.contains(name); });
}

awaitable<std::string> ask(const environment& variables, transport& via) {
  instance_metadata metadata(variables, via, 1);
  if (const auto there = co_await metadata.begin(); !there) co_return std::string();
  const auto region = co_await metadata.read("/latest/meta-data/placement/region");
  co_return region&& is_region(*region) ? *region : std::string();
}

}  // namespace

bool needs_instance_region(const settings& all) {
  if (!all.region.empty()) return false;
  if (ascii_lower(all.variables("AWS_EC2_METADATA_DISABLED").value_or("")) == "true") return false;
  const bool others = !all.ignore_endpoints &&
                      (all.variables("AWS_ENDPOINT_URL") || !profile_value(all, "endpoint_url").empty());
  if (others) return false;
  if (std::ranges::any_of(elsewhere, [&](const char* name) { return all.variables(name).has_value(); })) {
    return false;
  }
  const auto* chosen = all.files.find(all.profile);
  return chosen == nullptr || !leads_elsewhere(*chosen);
}

std::string instance_region(const settings& all) {
  curl_transport via;
  asio::io_context loop(1);
  std::string region;
  asio::co_spawn(loop, ask(all.variables, via), [&](const std::exception_ptr& thrown, std::string found) {
    if (thrown) std::rethrow_exception(thrown);
    region = std::move(found);
  });
  loop.run();
  return region;
}

}  // namespace dossier::aws
