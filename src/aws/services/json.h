// Reads JSON in AWS's answers, up to a limited depth. Include it only in .cc files, because it includes
// Boost.JSON.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <boost/json.hpp>

#include "aws/request.h"

namespace dossier::aws {

// True when the text is a JSON object, which may have no members.
bool parse_json(std::string_view text, boost::json::object& into);

// The member of this name; null, or an empty text, when it is absent or of another type.
const boost::json::object* object_member(const boost::json::object& of, std::string_view name);
const boost::json::array* array_member(const boost::json::object& of, std::string_view name);
std::string text_member(const boost::json::object& of, std::string_view name);

// A call of a service whose requests are all one POST of JSON: DynamoDB, Parameter Store, Secrets Manager.
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
