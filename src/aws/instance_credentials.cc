#include "aws/instance_credentials.h"

#include <utility>

#include "aws/ascii.h"
#include "aws/credentials_answer.h"
#include "aws/fetch.h"
#include "aws/request.h"

namespace dossier::aws {
namespace {

const std::string roles = "/latest/meta-data/iam/security-credentials/";

// Elsewhere than on EC2 the address leads nowhere: do not wait long for it.
constexpr time_limits short_limits{.connect = std::chrono::seconds(1),
                                   .first_byte = std::chrono::seconds(2),
                                   .stall = std::chrono::seconds(2),
                                   .whole = std::chrono::seconds(4)};

// Without a slash at its end.
std::string address(const environment& variables) {
  if (auto given = variables("AWS_EC2_METADATA_SERVICE_ENDPOINT")) {
    while (given->ends_with('/')) given->pop_back();
    return *given;
  }
  const auto mode = ascii_lower(variables("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE").value_or(""));
  return mode == "ipv6" ? "http://[fd00:ec2::254]" : "http://169.254.169.254";
}

}  // namespace

awaitable<outcome<std::string>> instance_credentials::ask(std::string path, std::string token) {
  http_request made{.url = address(variables_) + path, .limits = short_limits};
  if (token.empty()) {
    made.method = "PUT";
    made.headers.push_back({"x-aws-ec2-metadata-token-ttl-seconds", "21600"});
  } else {
    made.headers.push_back({"x-aws-ec2-metadata-token", std::move(token)});
  }
  auto answer = co_await fetch(via_, std::move(made), "instance");
  if (!answer) co_return pass_error(std::move(answer.error()));
  co_return std::string(ascii_trim(answer->body));
}

awaitable<outcome<credentials>> instance_credentials::get() {
  if (ascii_lower(variables_("AWS_EC2_METADATA_DISABLED").value_or("")) == "true") {
    co_return pass_error(no_credentials("AWS_EC2_METADATA_DISABLED"));
  }
  auto token = co_await ask("/latest/api/token", {});
  if (!token) co_return pass_error(no_credentials("no instance metadata: " + token.error().code));
  if (token->empty()) co_return pass_error(no_credentials("an instance without session tokens"));
  auto role = co_await ask(roles, *token);
  if (!role && role.error().status == 404) co_return pass_error(no_credentials("the instance has no role"));
  if (!role) co_return pass_error(std::move(role.error()));
  if (role->empty() || role->find('\n') != std::string::npos) {
    co_return pass_error(no_credentials("the instance has no role"));
  }
  const auto answer = co_await ask(roles + uri_encode(*role), *token);
  if (!answer) co_return pass_error(answer.error());
  co_return parse_json_credentials(*answer);
}

}  // namespace dossier::aws
