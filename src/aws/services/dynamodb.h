// Requests to DynamoDB, and what its answers say. Pure: the client sends them.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB.html
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "aws/error.h"
#include "aws/request.h"
#include "aws/transport/transport.h"

namespace dossier::aws::dynamodb {

// A number; it is sent as text, with all its digits.
struct number {
  std::string digits;
  bool operator==(const number&) const = default;
};
inline number to_number(std::int64_t value) {
  return {std::to_string(value)};
}
// The value null. Attributes of types that are not in `value` (binary, lists, maps, sets) are ignored when
// items are read.
struct null {
  bool operator==(const null&) const = default;
};
using value = std::variant<std::string, number, bool, null>;
using item = std::map<std::string, value, std::less<>>;

// The attribute; null or empty when the item does not have it, or it has another type.
const std::string* find_text(const item& of, std::string_view name);
std::optional<std::int64_t> find_integer(const item& of, std::string_view name);

struct table {
  endpoint where;
  std::string name;
};

// An expression, with its #names and :values. Empty: none.
struct expression {
  std::string text = {};
  std::map<std::string, std::string> names = {};  // "#f" → "filename"
  item values = {};                               // ":a" → …
};

// When the condition is false, the call fails with the kind stale.
request put_item(const table& in, const item& what, const expression& condition = {});
request delete_item(const table& in, const item& key, const expression& condition = {});
request get_item(const table& in, const item& key, bool consistent = true);

struct query_options {
  std::string index = {};         // empty: the table itself
  expression key_condition = {};  // "Author = :author"
  item start = {};                // where to go on: a page's `next`
  int limit = 100;
  bool descending = false;
};
request query(const table& in, const query_options& options);
// All items, in no fixed order, from `start` on. It reads the whole table, so use it only for maintenance.
request scan(const table& in, const item& start = {}, int limit = 1000);

// At most 25 puts and deletes together.
struct batch {
  std::vector<item> puts = {};
  std::vector<item> deletes = {};  // their keys
  bool empty() const { return puts.empty() && deletes.empty(); }
};
inline constexpr std::size_t batch_limit = 25;
request batch_write(const table& in, const batch& what);
request describe_table(const table& in);

// --- answers ---

outcome<std::optional<item>> parse_item(const response& answer);  // the answer to get_item
struct page {
  std::vector<item> items;
  item next;  // empty: that was all
};
outcome<page> parse_page(const response& answer);          // of query and scan
outcome<batch> parse_unprocessed(const response& answer);  // what must be sent again later

struct key_schema {
  std::string hash = {};
  std::string range = {};  // empty: none
};
struct index_description {
  std::string name;
  key_schema key = {};
  std::string status = {};      // ACTIVE, CREATING, …
  std::string projection = {};  // ALL, KEYS_ONLY, INCLUDE
};
struct table_description {
  std::string status = {};
  key_schema key = {};
  std::map<std::string, std::string> types = {};  // of the key attributes: "filename" → "S"
  std::vector<index_description> indexes = {};
  std::int64_t items = 0;  // may be some hours old
  bool deletion_protected = false;
  std::string encryption = {};  // KMS, AES256; empty: AWS's own key
};
outcome<table_description> parse_table(const response& answer);

// An item as text and back: for the opaque `next` of a page.
std::string to_json(const item& what);
std::optional<item> item_from_json(std::string_view text);

}  // namespace dossier::aws::dynamodb
