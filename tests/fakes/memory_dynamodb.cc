#include "fakes/memory_dynamodb.h"

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <optional>
#include <set>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "aws/services/dynamodb_values.h"
#include "aws/services/json.h"
#include "fakes/impatient.h"
#include "fakes/memory_s3_call.h"

namespace dossier::fakes {
namespace {

namespace json = boost::json;
using item = memory_dynamodb::item;

constexpr const char* hash_key = "filename";
constexpr const char* author = "Author";
constexpr std::size_t longest_hash_key = 2'048;
constexpr std::size_t longest_range_key = 1'024;
constexpr std::size_t largest_item = std::size_t{400} << 10;
constexpr std::size_t most_writes = 25;
constexpr std::size_t most_digits = 38;

struct refused {
  std::string code;
  std::string message;
};

[[noreturn]] void refuse(std::string message) {
  throw refused{"ValidationException", std::move(message)};
}

void allow_only(const json::object& in, std::initializer_list<std::string_view> names) {
  for (const auto& member : in) {
    if (std::ranges::find(names, std::string_view(member.key())) == names.end()) {
      throw std::logic_error("memory_dynamodb knows no " + std::string(member.key()));
    }
  }
}

const json::object& object_in(const json::object& of, std::string_view name) {
  const auto* found = aws::object_member(of, name);
  if (found == nullptr) refuse(std::string(name) + " is missing");
  return *found;
}

bool is_number(std::string_view digits) {
  if (digits.starts_with('-')) digits.remove_prefix(1);
  return !digits.empty() && digits.size() <= most_digits &&
         digits.find_first_not_of("0123456789") == digits.npos;
}

item read_attributes(const json::object& written) {
  auto all = aws::dynamodb::item_from(written);
  if (all.size() != written.size()) throw std::logic_error("memory_dynamodb knows no such attribute");
  for (const auto& [name, value] : all) {
    const auto* number = std::get_if<aws::dynamodb::number>(&value);
    if (number != nullptr && !is_number(number->digits)) refuse("no number: " + number->digits);
  }
  return all;
}

const std::string& key_text(const item& of, const char* name, std::size_t longest) {
  const auto* text = aws::dynamodb::find_text(of, name);
  if (text == nullptr || text->empty() || text->size() > longest) {
    refuse(fmt::format("{} is not a text of 1 to {} bytes", name, longest));
  }
  return *text;
}

item read_item(const json::object& written) {
  auto one = read_attributes(written);
  const auto& filename = key_text(one, hash_key, longest_hash_key);
  if (one.contains(author)) {
    key_text(one, author, longest_hash_key);
    if (filename.size() > longest_range_key) refuse("too long a range key of the index");
  }
  if (json::serialize(written).size() > largest_item) refuse("Item size has exceeded the maximum");
  return one;
}

// Refuses a key that has not exactly these attributes.
item read_key(const json::object& written, std::initializer_list<const char*> names) {
  auto key = read_attributes(written);
  if (key.size() != names.size()) refuse("The provided key element does not match the schema");
  for (const auto* name : names) key_text(key, name, longest_hash_key);
  return key;
}

std::string filename_of(const json::object& key) {
  return key_text(read_key(key, {hash_key}), hash_key, longest_hash_key);
}

// The author in "#name = :value". Names and values that are not used are refused.
std::string author_asked_for(const json::object& ask) {
  const auto text = aws::text_member(ask, "KeyConditionExpression");
  const auto equals = text.find(" = ");
  if (equals == text.npos) throw std::logic_error("memory_dynamodb knows no such condition: " + text);
  const auto& names = object_in(ask, "ExpressionAttributeNames");
  const auto values = read_attributes(object_in(ask, "ExpressionAttributeValues"));
  const auto value = text.substr(equals + 3);
  if (names.size() != 1 || aws::text_member(names, text.substr(0, equals)) != author || values.size() != 1 ||
      !values.contains(value)) {
    refuse("Query condition missed key schema element, or something in it is not used: " + text);
  }
  return key_text(values, value.c_str(), longest_hash_key);
}

// "attribute_not_exists(#key)" is the only condition that this fake knows.
bool asks_to_be_new(const json::object& ask) {
  if (!ask.contains("ConditionExpression")) return false;
  const auto& names = object_in(ask, "ExpressionAttributeNames");
  if (aws::text_member(ask, "ConditionExpression") != "attribute_not_exists(#key)" ||
      aws::text_member(names, "#key") != hash_key) {
    throw std::logic_error("memory_dynamodb knows no such condition");
  }
  return true;
}

std::size_t limit_of(const json::object& ask, std::size_t longest) {
  const auto* given = ask.if_contains("Limit");
  if (given == nullptr || !given->is_int64() || given->get_int64() < 1) refuse("Limit is less than 1");
  return std::min(longest, static_cast<std::size_t>(given->get_int64()));
}

// A full page names its last item, even when nothing follows.
std::string page_of(const std::vector<const item*>& all, std::size_t limit, bool of_index) {
  json::array items;
  for (std::size_t i = 0; i < std::min(limit, all.size()); ++i) {
    items.push_back(aws::dynamodb::to_json_object(*all[i]));
  }
  const auto count = items.size();
  json::object page{{"Items", std::move(items)}, {"Count", count}, {"ScannedCount", count}};
  if (count == limit) {
    const auto& last = *all[count - 1];
    item key{{hash_key, last.at(hash_key)}};
    if (of_index) key.emplace(author, last.at(author));
    page["LastEvaluatedKey"] = aws::dynamodb::to_json_object(key);
  }
  return json::serialize(page);
}

}  // namespace

struct memory_dynamodb::call {
  std::string operation;
  json::object body;
};

aws::dynamodb::table memory_dynamodb::place() const {
  return {.where = nowhere(), .name = name};
}

awaitable<aws::sent<aws::response>> memory_dynamodb::send(aws::http_request request) {
  co_return serve(request);
}

awaitable<aws::sent<aws::streamed_response>> memory_dynamodb::open(aws::http_request) {
  throw std::logic_error("no answer of DynamoDB is pulled");
  co_return aws::streamed_response{};
}

aws::response memory_dynamodb::serve(const aws::http_request& request) {
  constexpr std::string_view version = "DynamoDB_20120810.";
  const auto* target = aws::find_header(request.headers, "X-Amz-Target");
  const auto* signature = aws::find_header(request.headers, "Authorization");
  const auto* type = aws::find_header(request.headers, "Content-Type");
  call what;
  if (request.method != "POST" || target == nullptr || !target->starts_with(version) ||
      signature == nullptr || type == nullptr || *type != "application/x-amz-json-1.0" ||
      !aws::parse_json(bytes_of(request.body), what.body)) {
    throw std::logic_error("no call to DynamoDB");
  }
  what.operation = target->substr(version.size());
  calls_.push_back(what.operation);
  try {
    return {.status = 200, .headers = {{"x-amzn-RequestId", "memory"}}, .body = perform(what)};
  } catch (const refused& why) {
    const json::object body{{"__type", "com.amazonaws.dynamodb.v20120810#" + why.code},
                            {"message", why.message}};
    return {.status = 400, .headers = {{"x-amzn-RequestId", "memory"}}, .body = json::serialize(body)};
  }
}

std::string memory_dynamodb::perform(const call& what) {
  const auto& body = what.body;
  if (what.operation == "BatchWriteItem") return write_batch(what);
  if (aws::text_member(body, "TableName") != name)
    throw refused{"ResourceNotFoundException", "no such table"};
  if (what.operation == "Query") return query(what);
  if (what.operation == "Scan") return scan(what);
  if (what.operation == "PutItem") {
    allow_only(body, {"TableName", "Item", "ConditionExpression", "ExpressionAttributeNames"});
    auto one = read_item(object_in(body, "Item"));
    const auto key = *aws::dynamodb::find_text(one, hash_key);
    if (asks_to_be_new(body) && items_.contains(key)) {
      throw refused{"ConditionalCheckFailedException", "The conditional request failed"};
    }
    items_.insert_or_assign(key, std::move(one));
    return "{}";
  }
  if (what.operation == "DeleteItem") {
    allow_only(body, {"TableName", "Key"});
    items_.erase(filename_of(object_in(body, "Key")));
    return "{}";
  }
  if (what.operation == "GetItem") {
    allow_only(body, {"TableName", "Key", "ConsistentRead"});
    const auto found = items_.find(filename_of(object_in(body, "Key")));
    if (found == items_.end()) return "{}";
    return json::serialize(json::object{{"Item", aws::dynamodb::to_json_object(found->second)}});
  }
  throw std::logic_error("memory_dynamodb knows no " + what.operation);
}

std::string memory_dynamodb::write_batch(const call& what) {
  allow_only(what.body, {"RequestItems"});
  const auto& tables = object_in(what.body, "RequestItems");
  const auto* writes = aws::array_member(tables, name);
  if (writes == nullptr || tables.size() != 1) throw refused{"ResourceNotFoundException", "no such table"};
  if (writes->empty() || writes->size() > most_writes) refuse("Too many items requested, or none");
  std::set<std::string> keys;
  std::vector<std::pair<std::string, std::optional<item>>> wanted;  // empty: to be deleted
  for (const auto& write : *writes) {
    const auto& one = write.as_object();
    allow_only(one, {"PutRequest", "DeleteRequest"});
    if (const auto* put = aws::object_member(one, "PutRequest")) {
      auto read = read_item(object_in(*put, "Item"));
      const auto key = *aws::dynamodb::find_text(read, hash_key);
      wanted.emplace_back(key, std::move(read));
    } else {
      wanted.emplace_back(filename_of(object_in(object_in(one, "DeleteRequest"), "Key")), std::nullopt);
    }
    if (!keys.insert(wanted.back().first).second) refuse("Provided list of item keys contains duplicates");
  }
  const auto done = std::min(longest_batch, wanted.size());
  for (std::size_t i = 0; i < done; ++i) {
    items_.erase(wanted[i].first);
    if (wanted[i].second) items_.emplace(wanted[i].first, std::move(*wanted[i].second));
  }
  json::object left;
  if (done < wanted.size()) {
    left[name] = json::array(writes->begin() + static_cast<std::ptrdiff_t>(done), writes->end());
  }
  return json::serialize(json::object{{"UnprocessedItems", std::move(left)}});
}

std::string memory_dynamodb::query(const call& what) const {
  allow_only(what.body, {"TableName", "IndexName", "KeyConditionExpression", "ExpressionAttributeNames",
                         "ExpressionAttributeValues", "ExclusiveStartKey", "Limit"});
  if (aws::text_member(what.body, "IndexName") != index) {
    refuse("The table does not have the specified index");
  }
  const auto wanted = author_asked_for(what.body);
  std::string after;
  if (what.body.contains("ExclusiveStartKey")) {
    const auto start = read_key(object_in(what.body, "ExclusiveStartKey"), {hash_key, author});
    if (*aws::dynamodb::find_text(start, author) != wanted) {
      refuse("The provided starting key is outside query boundaries");
    }
    after = *aws::dynamodb::find_text(start, hash_key);
  }
  std::vector<const item*> found;
  for (auto one = items_.upper_bound(after); one != items_.end(); ++one) {
    const auto* whose = aws::dynamodb::find_text(one->second, author);
    if (whose != nullptr && *whose == wanted) found.push_back(&one->second);
  }
  return page_of(found, limit_of(what.body, longest_page), true);
}

// Lists the items in an order that no test can rely on.
std::string memory_dynamodb::scan(const call& what) const {
  allow_only(what.body, {"TableName", "ExclusiveStartKey", "Limit"});
  const auto place_of = [](const std::string& key) {
    return std::pair(std::hash<std::string>()(key), key);
  };
  std::map<std::pair<std::size_t, std::string>, const item*> scattered;
  for (const auto& [key, one] : items_) scattered.emplace(place_of(key), &one);
  auto from = scattered.begin();
  if (what.body.contains("ExclusiveStartKey")) {
    from = scattered.upper_bound(place_of(filename_of(object_in(what.body, "ExclusiveStartKey"))));
  }
  std::vector<const item*> rest;
  for (; from != scattered.end(); ++from) rest.push_back(from->second);
  return page_of(rest, limit_of(what.body, longest_page), false);
}

}  // namespace dossier::fakes
