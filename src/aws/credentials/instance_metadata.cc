#include "aws/credentials/instance_metadata.h"

#include <algorithm>
#include <array>
#include <exception>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "aws/credentials/credentials.h"
#include "aws/credentials/credentials_request.h"
#include "aws/request.h"
#include "aws/transport/curl_transport.h"
#include "base/ascii.h"
#include "base/expects.h"

namespace dossier::aws {
namespace {

// Outside EC2, nothing answers at this address, so do not wait long.
constexpr time_limits short_limits{.connect = std::chrono::seconds(1),
                                   .first_byte = std::chrono::seconds(2),
                                   .stall = std::chrono::seconds(2),
                                   .whole = std::chrono::seconds(4)};

std::string address(const environment& variables) {
  if (auto given = variables("AWS_EC2_METADATA_SERVICE_ENDPOINT")) {
    while (given->ends_with('/')) given->pop_back();
    return *given;
  }
  const auto mode = base::ascii_lower(variables("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE").value_or(""));
  return mode == "ipv6" ? "http://[fd00:ec2::254]" : "http://169.254.169.254";
}

}  // namespace

instance_metadata::instance_metadata(const environment& variables, transport& via, int attempts)
    : via_(via),
      attempts_(attempts),
      disabled_(base::ascii_lower(variables("AWS_EC2_METADATA_DISABLED").value_or("")) == "true"),
      address_(address(variables)) {}

awaitable<outcome<std::string>> instance_metadata::ask(std::string path) {
  http_request made{.url = address_ + path, .limits = short_limits};
  if (token_.empty()) {
    made.method = "PUT";
    made.headers.push_back({"x-aws-ec2-metadata-token-ttl-seconds", "21600"});
  } else {
    made.headers.push_back({"x-aws-ec2-metadata-token", token_});
  }
  auto answer = co_await request_credentials(via_, std::move(made), "instance", attempts_);
  if (!answer) co_return pass_error(std::move(answer.error()));
  co_return std::string(base::ascii_trim(answer->body));
}

awaitable<outcome<void>> instance_metadata::begin() {
  if (disabled_) co_return pass_error(no_credentials("AWS_EC2_METADATA_DISABLED"));
  auto token = co_await ask("/latest/api/token");
  if (!token) co_return pass_error(no_credentials("no instance metadata: " + token.error().code));
  if (token->empty()) co_return pass_error(no_credentials("the instance hands out no session tokens"));
  token_ = std::move(*token);
  co_return outcome<void>();
}

awaitable<outcome<std::string>> instance_metadata::read(std::string path) {
  base::expects(!token_.empty(), "begin() has got a session token");
  return ask(std::move(path));
}

namespace {

const std::string roles = "/latest/meta-data/iam/security-credentials/";

// Outside EC2, each attempt takes a second.
constexpr int attempts = 2;

}  // namespace

awaitable<outcome<credentials>> instance_credentials::get() {
  instance_metadata metadata(variables_, via_, attempts);
  if (auto there = co_await metadata.begin(); !there) co_return pass_error(std::move(there.error()));
  auto role = co_await metadata.read(roles);
  if (!role && role.error().status == 404) co_return pass_error(no_credentials("the instance has no role"));
  if (!role) co_return pass_error(std::move(role.error()));
  if (role->empty() || role->find('\n') != std::string::npos) {
    co_return pass_error(no_credentials("the instance has no role"));
  }
  const auto answer = co_await metadata.read(roles + uri_encode(*role));
  if (!answer) co_return pass_error(answer.error());
  co_return parse_json_credentials(*answer);
}

namespace {

constexpr std::array<const char*, 5> other_sources{
    "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"};

bool names_another_source(const profile& chosen) {
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
  if (base::ascii_lower(all.variables("AWS_EC2_METADATA_DISABLED").value_or("")) == "true") return false;
  const bool others = !all.ignore_endpoints &&
                      (all.variables("AWS_ENDPOINT_URL") || !profile_value(all, "endpoint_url").empty());
  if (others) return false;
  if (std::ranges::any_of(other_sources, [&](const char* name) { return all.variables(name).has_value(); })) {
    return false;
  }
  const auto* chosen = all.files.find(all.profile);
  return chosen == nullptr || !names_another_source(*chosen);
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
