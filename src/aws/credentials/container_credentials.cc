#include "aws/credentials/container_credentials.h"

#include <algorithm>
#include <array>
#include <utility>

#include "aws/credentials/credentials.h"
#include "aws/credentials/credentials_request.h"
#include "aws/credentials/environment.h"
#include "aws/endpoints.h"
#include "aws/request.h"
#include "base/ascii.h"

namespace dossier::aws {
namespace {

constexpr std::string_view of_ecs = "http://169.254.170.2";
constexpr std::array<std::string_view, 3> trusted{"169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"};

std::unexpected<error> misuse(std::string detail) {
  return pass_error(
      {base::error_code::unauthorized, "InvalidContainerEndpoint", std::move(detail), {}, 0, {}});
}

bool may_be_asked(std::string_view url) {
  const auto path = url.find('/', url.find("://") + 3);
  const auto where = parse_endpoint(url.substr(0, path), "");
  if (!where) return false;
  if (where->scheme == "https") return true;
  return std::ranges::find(trusted, where->host) != trusted.end() || is_this_machine(where->host);
}

outcome<std::string> token_of(const environment& variables) {
  if (const auto path = variables("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")) {
    auto token = read_text_file(*path);
    if (!token) return misuse("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE cannot be read");
    return std::string(base::ascii_trim(*token));
  }
  return variables("AWS_CONTAINER_AUTHORIZATION_TOKEN").value_or("");
}

}  // namespace

outcome<http_request> container_request(const environment& variables) {
  http_request made;
  if (const auto path = variables("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")) {
    if (!path->starts_with('/')) return misuse("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is not a path");
    made.url = std::string(of_ecs) + *path;
  } else if (const auto url = variables("AWS_CONTAINER_CREDENTIALS_FULL_URI")) {
    if (!may_be_asked(*url)) {
      return misuse(
          "AWS_CONTAINER_CREDENTIALS_FULL_URI: without TLS, name this machine or an address of AWS's own");
    }
    made.url = *url;
  } else {
    return pass_error(no_credentials("no container endpoint in the environment"));
  }
  auto token = token_of(variables);
  if (!token) return pass_error(std::move(token.error()));
  if (token->find_first_of("\r\n") != std::string::npos)
    return misuse("the authorization token has line breaks");
  if (!token->empty()) made.headers.push_back({"Authorization", std::move(*token)});
  made.headers.push_back({"Accept", "application/json"});
  made.limits = {.connect = std::chrono::seconds(2), .whole = std::chrono::seconds(5)};
  return made;
}

awaitable<outcome<credentials>> container_credentials::get() {
  auto request = container_request(variables_);
  if (!request) co_return pass_error(std::move(request.error()));
  const auto answer = co_await request_credentials(via_, std::move(*request), "container");
  if (!answer) co_return pass_error(answer.error());
  co_return parse_json_credentials(answer->body);
}

}  // namespace dossier::aws
