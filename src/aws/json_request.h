// A call of those services whose requests are one POST of JSON: DynamoDB, Parameter Store, Secrets Manager.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "aws/request.h"

namespace dossier::aws {

struct json_call {
  operation what;
  std::string_view target;   // of X-Amz-Target, before the operation's name: "DynamoDB_20120810"
  std::string_view version;  // of JSON's protocol: "1.0"
};

inline request json_request(const endpoint& where, const json_call& call, std::string body) {
  request made{.what = call.what, .where = where, .method = "POST"};
  made.headers.push_back({"Content-Type", "application/x-amz-json-" + std::string(call.version)});
  made.headers.push_back({"X-Amz-Target", std::string(call.target) + '.' + std::string(call.what.name)});
  made.body = text_body(std::move(body));
  made.limits = {.first_byte = std::chrono::seconds(5), .whole = std::chrono::seconds(20)};
  return made;
}

}  // namespace dossier::aws
