#include <stdexcept>
#include <utility>

#include "aws/dynamodb.h"
#include "aws/dynamodb_values.h"
#include "aws/json_request.h"

namespace dossier::aws::dynamodb {
namespace {

namespace json = boost::json;

constexpr operation put{"dynamodb", "PutItem", "dynamodb:PutItem"};
constexpr operation remove{"dynamodb", "DeleteItem", "dynamodb:DeleteItem"};
constexpr operation get{"dynamodb", "GetItem", "dynamodb:GetItem"};
constexpr operation find{"dynamodb", "Query", "dynamodb:Query"};
constexpr operation walk{"dynamodb", "Scan", "dynamodb:Scan"};
constexpr operation write_many{"dynamodb", "BatchWriteItem", "dynamodb:BatchWriteItem"};
constexpr operation describe{"dynamodb", "DescribeTable", "dynamodb:DescribeTable"};

request call(const table& in, const operation& what, const json::object& body) {
  return json_request(in.where, {what, "DynamoDB_20120810", "1.0"}, json::serialize(body));
}

// An empty map is refused by DynamoDB: what is not used is left out.
void add_expression(json::object& to, const char* as, const expression& one) {
  if (one.text.empty()) return;
  to[as] = one.text;
  json::object names;
  for (const auto& [placeholder, name] : one.names) names[placeholder] = name;
  if (!names.empty()) to["ExpressionAttributeNames"] = std::move(names);
  if (!one.values.empty()) to["ExpressionAttributeValues"] = to_json_object(one.values);
}

}  // namespace

request put_item(const table& in, const item& what, const expression& condition) {
  json::object body{{"TableName", in.name}, {"Item", to_json_object(what)}};
  add_expression(body, "ConditionExpression", condition);
  return call(in, put, body);
}

request delete_item(const table& in, const item& key, const expression& condition) {
  json::object body{{"TableName", in.name}, {"Key", to_json_object(key)}};
  add_expression(body, "ConditionExpression", condition);
  return call(in, remove, body);
}

request get_item(const table& in, const item& key, bool consistent) {
  return call(in, get,
              {{"TableName", in.name}, {"Key", to_json_object(key)}, {"ConsistentRead", consistent}});
}

request query(const table& in, const query_options& options) {
  json::object body{{"TableName", in.name}, {"Limit", options.limit}};
  add_expression(body, "KeyConditionExpression", options.key_condition);
  if (!options.index.empty()) body["IndexName"] = options.index;
  if (!options.start.empty()) body["ExclusiveStartKey"] = to_json_object(options.start);
  if (options.descending) body["ScanIndexForward"] = false;
  return call(in, find, body);
}

request scan(const table& in, const item& start, int limit) {
  json::object body{{"TableName", in.name}, {"Limit", limit}};
  if (!start.empty()) body["ExclusiveStartKey"] = to_json_object(start);
  return call(in, walk, body);
}

request batch_write(const table& in, const batch& what) {
  if (what.puts.size() + what.deletes.size() > batch_limit) throw std::length_error("a batch is too long");
  json::array writes;
  for (const auto& each : what.puts) {
    writes.push_back(json::object{{"PutRequest", json::object{{"Item", to_json_object(each)}}}});
  }
  for (const auto& each : what.deletes) {
    writes.push_back(json::object{{"DeleteRequest", json::object{{"Key", to_json_object(each)}}}});
  }
  json::object tables;
  tables[in.name] = std::move(writes);
  return call(in, write_many, {{"RequestItems", std::move(tables)}});
}

request describe_table(const table& in) {
  return call(in, describe, {{"TableName", in.name}});
}

}  // namespace dossier::aws::dynamodb
