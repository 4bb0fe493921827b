#include "aws/ssm.h"

#include <utility>

#include "aws/json.h"
#include "aws/json_request.h"

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
