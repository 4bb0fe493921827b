#include "aws/instance_credentials.h"

#include <utility>

#include "aws/credentials_answer.h"
#include "aws/instance_metadata.h"
#include "aws/request.h"

namespace dossier::aws {
namespace {

const std::string roles = "/latest/meta-data/iam/security-credentials/";

// Elsewhere than on EC2 each of them takes a second.
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

}  // namespace dossier::aws
