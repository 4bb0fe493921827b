#include "aws/credentials/sts.h"

#include <utility>

#include "aws/credentials/credentials.h"
#include "aws/credentials/credentials_request.h"
#include "aws/credentials/environment.h"
#include "aws/signing/signing.h"
#include "base/ascii.h"

namespace dossier::aws::sts {
namespace {

request form(const endpoint& where, const operation& what, const role& wanted,
             std::vector<query_item> fields) {
  fields.push_back({"Action", std::string(what.name)});
  fields.push_back({"Version", "2011-06-15"});
  fields.push_back({"RoleArn", wanted.arn});
  fields.push_back({"RoleSessionName", wanted.session.empty() ? "dossier" : wanted.session});
  request made{.what = what, .where = where, .method = "POST"};
  made.headers.push_back({"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"});
  made.body = text_body(encode_query(fields));
  made.limits = {.whole = std::chrono::seconds(10)};
  return made;
}

}  // namespace

request assume_role_with_web_identity(const endpoint& where, const role& wanted, const std::string& token) {
  const operation what{"sts", "AssumeRoleWithWebIdentity", "sts:AssumeRoleWithWebIdentity"};
  return form(where, what, wanted, {{"WebIdentityToken", token}});
}

request assume_role(const endpoint& where, const role& wanted) {
  std::vector<query_item> fields;
  if (!wanted.external_id.empty()) fields.push_back({"ExternalId", wanted.external_id});
  return form(where, {"sts", "AssumeRole", "sts:AssumeRole"}, wanted, std::move(fields));
}

}  // namespace dossier::aws::sts

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
