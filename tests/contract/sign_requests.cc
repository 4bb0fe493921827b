// Signs the requests that it reads, a JSON object a line, and writes the results, for
// signing_against_botocore.py.
#include <iostream>
#include <string>

#include <boost/json.hpp>

#include "aws/signing/signing.h"

namespace {

namespace json = boost::json;
using namespace dossier::aws;

std::string text(const json::object& of, std::string_view name) {
  return std::string(of.at(name).as_string());
}

// "path" is not encoded yet, like a key of S3.
request request_of(const json::object& given) {
  request made;
  static std::string service;
  service = text(given, "service");
  made.what.service = service;
  made.method = text(given, "method");
  made.where = *parse_endpoint(text(given, "endpoint"), text(given, "region"));
  made.path = encode_path(text(given, "path"));
  for (const auto& [name, value] : given.at("query").as_object()) {
    made.query.push_back({std::string(name), std::string(value.as_string())});
  }
  for (const auto& [name, value] : given.at("headers").as_object()) {
    made.headers.push_back({std::string(name), std::string(value.as_string())});
  }
  const auto body = text(given, "body");
  if (!body.empty()) made.body = text_body(body);
  made.payload_sha256 = text(given, "payload_sha256");
  return made;
}

json::object signed_form(const json::object& given) {
  const credentials who{text(given, "access_key"), text(given, "secret_key"), text(given, "token")};
  const dossier::base::time_point when{std::chrono::seconds(given.at("time").as_int64())};
  const auto what = request_of(given);
  auto without_body = what;  // because botocore would put the body into the query
  without_body.body = nullptr;
  json::object answer{
      {"url", sign(what, who, when).url},
      {"presigned", presign(without_body, who, when, std::chrono::seconds(given.at("valid").as_int64()))}};
  json::object headers;
  for (const auto& each : sign(what, who, when).headers) headers[each.name] = each.value;
  answer["headers"] = std::move(headers);
  return answer;
}

}  // namespace

int main() {
  std::string line;
  while (std::getline(std::cin, line)) {
    std::cout << json::serialize(signed_form(json::parse(line).as_object())) << '\n';
  }
}
