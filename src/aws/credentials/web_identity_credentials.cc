#include "aws/credentials/web_identity_credentials.h"

#include <utility>

#include "aws/credentials/credentials.h"
#include "aws/credentials/credentials_request.h"
#include "aws/credentials/environment.h"
#include "aws/signing/signing.h"
#include "base/ascii.h"

namespace dossier::aws {
namespace {

std::unexpected<error> unusable(std::string detail) {
  return pass_error({base::error_code::unauthorized, "InvalidWebIdentity", std::move(detail), {}, 0, {}});
}

}  // namespace

awaitable<outcome<credentials>> web_identity_credentials::get() {
  if (from_.token_file.empty() || from_.role.arn.empty()) {
    co_return pass_error(no_credentials("no web identity is configured"));
  }
  if (!where_) co_return unusable(where_.error().message);
  const auto token = read_text_file(from_.token_file);
  if (!token) co_return unusable("cannot read " + from_.token_file);
  const auto asked =
      sts::assume_role_with_web_identity(*where_, from_.role, std::string(base::ascii_trim(*token)));
  const auto answer = co_await request_credentials(via_, without_signature(asked), "sts");
  if (!answer) co_return pass_error(answer.error());
  co_return parse_sts_credentials(answer->body);
}

}  // namespace dossier::aws
