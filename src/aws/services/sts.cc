#include "aws/services/sts.h"

#include <utility>

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
