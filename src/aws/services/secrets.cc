#include "aws/services/secrets.h"

#include <utility>

#include "aws/services/json.h"

namespace dossier::aws::ssm {

request get_parameter(const endpoint& where, std::string_view name) {
  const json_call call{{"ssm", "GetParameter", "ssm:GetParameter"}, "AmazonSSM", "1.1"};
  const boost::json::object body{{"Name", name}, {"WithDecryption", true}};
  return json_request(where, call, boost::json::serialize(body));
}

outcome<std::string> parse_parameter(const response& answer) {
  boost::json::object document;
  if (!parse_json(answer.body, document)) return pass_error(invalid_answer("not JSON"));
  const auto* parameter = object_member(document, "Parameter");
  const auto* value = parameter != nullptr ? parameter->if_contains("Value") : nullptr;
  const auto* text = value != nullptr ? value->if_string() : nullptr;
  if (text == nullptr) return pass_error(invalid_answer("a parameter without a value"));
  return std::string(*text);
}

}  // namespace dossier::aws::ssm

namespace dossier::aws::secrets_manager {
namespace {

error no_member(std::string_view key, std::string_view why) {
  return {base::error_code::invalid, "NoSuchMember", std::string(key) + ": " + std::string(why), {}, 0, {}};
}

outcome<std::string> member(const std::string& secret, std::string_view key) {
  boost::json::object members;
  if (!parse_json(secret, members)) return pass_error(no_member(key, "the secret is not a JSON object"));
  const auto* found = members.if_contains(key);
  if (found == nullptr) return pass_error(no_member(key, "the secret has no such member"));
  if (const auto* text = found->if_string()) return std::string(*text);
  if (found->is_number()) return boost::json::serialize(*found);  // RDS writes its port as a number
  return pass_error(no_member(key, "that member is neither text nor a number"));
}

}  // namespace

request get_secret_value(const endpoint& where, std::string_view id) {
  const json_call call{
      {"secretsmanager", "GetSecretValue", "secretsmanager:GetSecretValue"}, "secretsmanager", "1.1"};
  return json_request(where, call, boost::json::serialize(boost::json::object{{"SecretId", id}}));
}

outcome<std::string> parse_secret(const response& answer, std::string_view key) {
  boost::json::object document;
  if (!parse_json(answer.body, document)) return pass_error(invalid_answer("not JSON"));
  const auto* value = document.if_contains("SecretString");
  const auto* text = value != nullptr ? value->if_string() : nullptr;
  if (text == nullptr) return pass_error(invalid_answer("a secret that is not text"));
  std::string secret(*text);
  if (key.empty()) return secret;
  return member(secret, key);
}

}  // namespace dossier::aws::secrets_manager

namespace dossier::aws {

constexpr std::chrono::minutes token_validity{15};

awaitable<outcome<std::string>> rds_token(client& calls, rds_login login) {
  request connect{
      .what = {"rds-db", "connect", "rds-db:connect"},
      .where = {.host = std::move(login.host), .port = login.port, .region = std::move(login.region)},
      .query = {{"Action", "connect"}, {"DBUser", std::move(login.user)}}};
  auto url = co_await calls.presigned(std::move(connect), token_validity);
  if (url) url->erase(0, std::string_view("https://").size());
  co_return url;
}

}  // namespace dossier::aws
