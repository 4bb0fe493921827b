#include "aws/services/dynamodb.h"

#include <utility>

#include "aws/services/dynamodb_values.h"
#include "aws/services/json.h"
#include "base/expects.h"

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

// DynamoDB refuses an empty map, so what is not used is left out.
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
  base::expects(!what.empty(), "an item has a key");
  json::object body{{"TableName", in.name}, {"Item", to_json_object(what)}};
  add_expression(body, "ConditionExpression", condition);
  return call(in, put, body);
}

request delete_item(const table& in, const item& key, const expression& condition) {
  base::expects(!key.empty(), "an item has a key");
  json::object body{{"TableName", in.name}, {"Key", to_json_object(key)}};
  add_expression(body, "ConditionExpression", condition);
  return call(in, remove, body);
}

request get_item(const table& in, const item& key, bool consistent) {
  base::expects(!key.empty(), "an item has a key");
  return call(in, get,
              {{"TableName", in.name}, {"Key", to_json_object(key)}, {"ConsistentRead", consistent}});
}

request query(const table& in, const query_options& options) {
  base::expects(options.limit > 0, "a page has at least one item");
  json::object body{{"TableName", in.name}, {"Limit", options.limit}};
  add_expression(body, "KeyConditionExpression", options.key_condition);
  if (!options.index.empty()) body["IndexName"] = options.index;
  if (!options.start.empty()) body["ExclusiveStartKey"] = to_json_object(options.start);
  if (options.descending) body["ScanIndexForward"] = false;
  return call(in, find, body);
}

request scan(const table& in, const item& start, int limit) {
  base::expects(limit > 0, "a page has at least one item");
  json::object body{{"TableName", in.name}, {"Limit", limit}};
  if (!start.empty()) body["ExclusiveStartKey"] = to_json_object(start);
  return call(in, walk, body);
}

request batch_write(const table& in, const batch& what) {
  base::expects(what.puts.size() + what.deletes.size() <= batch_limit, "a batch has 25 items at most");
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

namespace {

error not_json() {
  return invalid_answer("not a JSON object");
}

key_schema read_schema(const json::object& of) {
  key_schema schema;
  const auto* parts = array_member(of, "KeySchema");
  if (parts == nullptr) return schema;
  for (const auto& each : *parts) {
    const auto* part = each.if_object();
    if (part == nullptr) continue;
    (text_member(*part, "KeyType") == "HASH" ? schema.hash : schema.range) =
        text_member(*part, "AttributeName");
  }
  return schema;
}

index_description read_index(const json::object& of) {
  const auto* projection = object_member(of, "Projection");
  return {text_member(of, "IndexName"), read_schema(of), text_member(of, "IndexStatus"),
          projection != nullptr ? text_member(*projection, "ProjectionType") : std::string()};
}

// If they were ignored, such items would count as written.
error unreadable_rest() {
  return invalid_answer("unprocessed items that cannot be read");
}

bool read_unprocessed(const json::value& entry, batch& left) {
  const auto* each = entry.if_object();
  if (each == nullptr) return false;
  const auto* to_put = object_member(*each, "PutRequest");
  const auto* to_delete = object_member(*each, "DeleteRequest");
  const auto* what = to_put != nullptr ? object_member(*to_put, "Item") : nullptr;
  const auto* key = to_delete != nullptr ? object_member(*to_delete, "Key") : nullptr;
  const auto* found = what != nullptr ? what : key;
  if (found == nullptr) return false;
  auto one = item_from(*found);
  if (one.empty() || one.size() != found->size()) return false;
  (what != nullptr ? left.puts : left.deletes).push_back(std::move(one));
  return true;
}

template <class Each>
void for_each_object(const json::object& of, std::string_view name, Each each) {
  const auto* all = array_member(of, name);
  if (all == nullptr) return;
  for (const auto& one : *all) {
    if (const auto* object = one.if_object()) each(*object);
  }
}

}  // namespace

outcome<std::optional<item>> parse_item(const response& answer) {
  json::object document;
  if (!parse_json(answer.body, document)) return pass_error(not_json());
  const auto* found = object_member(document, "Item");
  if (found == nullptr) return std::optional<item>();
  return item_from(*found);
}

outcome<page> parse_page(const response& answer) {
  json::object document;
  if (!parse_json(answer.body, document)) return pass_error(not_json());
  if (array_member(document, "Items") == nullptr) return pass_error(invalid_answer("a page without items"));
  page found;
  for_each_object(document, "Items",
                  [&](const json::object& each) { found.items.push_back(item_from(each)); });
  if (const auto* next = object_member(document, "LastEvaluatedKey")) found.next = item_from(*next);
  return found;
}

outcome<batch> parse_unprocessed(const response& answer) {
  json::object document;
  if (!parse_json(answer.body, document)) return pass_error(not_json());
  batch left;
  const auto* member = document.if_contains("UnprocessedItems");
  if (member == nullptr || member->is_null()) return left;
  const auto* tables = member->if_object();
  if (tables == nullptr) return pass_error(unreadable_rest());
  for (const auto& [name, _] : *tables) {
    const auto* entries = array_member(*tables, name);
    if (entries == nullptr) return pass_error(unreadable_rest());
    for (const auto& each : *entries) {
      if (!read_unprocessed(each, left)) return pass_error(unreadable_rest());
    }
  }
  return left;
}

outcome<table_description> parse_table(const response& answer) {
  json::object document;
  if (!parse_json(answer.body, document)) return pass_error(not_json());
  const auto* table = object_member(document, "Table");
  if (table == nullptr) return pass_error(invalid_answer("no description of a table"));
  table_description found{.status = text_member(*table, "TableStatus"), .key = read_schema(*table)};
  for_each_object(*table, "AttributeDefinitions", [&](const json::object& each) {
    found.types[text_member(each, "AttributeName")] = text_member(each, "AttributeType");
  });
  for_each_object(*table, "GlobalSecondaryIndexes",
                  [&](const json::object& each) { found.indexes.push_back(read_index(each)); });
  if (const auto* count = table->if_contains("ItemCount"); count != nullptr && count->is_int64()) {
    found.items = count->get_int64();
  }
  const auto* guarded = table->if_contains("DeletionProtectionEnabled");
  found.deletion_protected = guarded != nullptr && guarded->is_bool() && guarded->get_bool();
  if (const auto* encryption = object_member(*table, "SSEDescription")) {
    found.encryption = text_member(*encryption, "SSEType");
  }
  return found;
}

}  // namespace dossier::aws::dynamodb
