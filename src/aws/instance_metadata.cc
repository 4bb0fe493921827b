#include "aws/instance_metadata.h"

#include <utility>

#include "aws/ascii.h"
#include "aws/credentials.h"
#include "aws/fetch.h"

namespace dossier::aws {
namespace {

// Elsewhere than on EC2 the address leads nowhere: do not wait long for it.
constexpr time_limits short_limits{.connect = std::chrono::seconds(1),
                                   .first_byte = std::chrono::seconds(2),
                                   .stall = std::chrono::seconds(2),
                                   .whole = std::chrono::seconds(4)};

std::string address(const environment& variables) {
  if (auto given = variables("AWS_EC2_METADATA_SERVICE_ENDPOINT")) {
    while (given->ends_with('/')) given->pop_back();
    return *given;
  }
  const auto mode = ascii_lower(variables("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE").value_or(""));
  return mode == "ipv6" ? "http://[fd00:ec2::254]" : "http://169.254.169.254";
}

}  // namespace

instance_metadata::instance_metadata(const environment& variables, transport& via, int attempts)
    : via_(via),
      attempts_(attempts),
      disabled_(ascii_lower(variables("AWS_EC2_METADATA_DISABLED").value_or("")) == "true"),
      address_(address(variables)) {}

awaitable<outcome<std::string>> instance_metadata::ask(std::string path) {
  http_request made{.url = address_ + path, .limits = short_limits};
  if (token_.empty()) {
    made.method = "PUT";
    made.headers.push_back({"x-aws-ec2-metadata-token-ttl-seconds", "21600"});
  } else {
    made.headers.push_back({"x-aws-ec2-metadata-token", token_});
  }
  auto answer = co_await fetch(via_, std::move(made), "instance", attempts_);
  if (!answer) co_return pass_error(std::move(answer.error()));
  co_return std::string(ascii_trim(answer->body));
}

awaitable<outcome<void>> instance_metadata::begin() {
  if (disabled_) co_return pass_error(no_credentials("AWS_EC2_METADATA_DISABLED"));
  auto token = co_await ask("/latest/api/token");
  if (!token) co_return pass_error(no_credentials("no instance metadata: " + token.error().code));
  if (token->empty()) co_return pass_error(no_credentials("an instance without session tokens"));
  token_ = std::move(*token);
  co_return outcome<void>();
}

awaitable<outcome<std::string>> instance_metadata::read(std::string path) {
  return ask(std::move(path));
}

}  // namespace dossier::aws
