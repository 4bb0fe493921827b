#include "stores/checks/table_rules.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "stores/catalog/dynamodb_item.h"

namespace dossier::stores {
namespace {

using domain::store_finding;
using enum domain::severity;
using findings = std::vector<store_finding>;
namespace dynamodb = aws::dynamodb;

constexpr const char* new_table =
    "A table's key cannot be changed: make another one, then `dossier catalog rebuild`.";

bool is_text(const dynamodb::table_description& table, std::string_view attribute) {
  const auto type = table.types.find(std::string(attribute));
  return type != table.types.end() && type->second == "S";
}

void judge_key(const dynamodb::table_description& table, findings& found) {
  if (table.key.hash != filename_attribute || !table.key.range.empty() ||
      !is_text(table, filename_attribute)) {
    found.push_back({error, "key",
                     fmt::format("The table's key is {}{}{}, and not the text `filename` alone.",
                                 table.key.hash, table.key.range.empty() ? "" : ", ", table.key.range),
                     new_table});
    return;
  }
  found.push_back({note, "key", "The table's key is `filename`.", {}});
}

void judge_index(const dynamodb::table_description& table, const std::string& name, findings& found) {
  const auto index = std::ranges::find(table.indexes, name, &dynamodb::index_description::name);
  const auto wanted =
      "Give it hash key Author (S), range key filename (S) and the projection ALL; look-ups by author need "
      "it.";
  if (index == table.indexes.end()) {
    found.push_back({error, "index", fmt::format("There is no index {}.", name),
                     fmt::format("Add it, or name another one with dynamodb.index. {}", wanted)});
    return;
  }
  if (index->key.hash != author_attribute || index->key.range != filename_attribute ||
      !is_text(table, author_attribute)) {
    found.push_back({error, "index",
                     fmt::format("The index {} has the key {}, {}.", name, index->key.hash,
                                 index->key.range.empty() ? "no range" : index->key.range),
                     wanted});
  } else if (index->projection != "ALL") {
    found.push_back({error, "index",
                     fmt::format("The index {} projects {}, and not ALL.", name, index->projection), wanted});
  } else if (index->status != "ACTIVE") {
    found.push_back({warning, "index", fmt::format("The index {} is {}.", name, index->status),
                     "Wait until it is ACTIVE."});
  } else {
    found.push_back({note, "index", fmt::format("The index {} is as it should be.", name), {}});
  }
}

void judge_description(const dynamodb::table_description& table, const std::string& index, findings& found) {
  if (table.status != "ACTIVE") {
    found.push_back({table.status == "UPDATING" ? note : error, "status",
                     fmt::format("The table is {}.", table.status), "Wait until it is ACTIVE."});
  }
  judge_key(table, found);
  judge_index(table, index, found);
  if (!table.deletion_protected) {
    found.push_back({warning, "protection", "Nothing keeps the table from being deleted.",
                     "Turn on its deletion protection."});
  }
  found.push_back({note,
                   "encryption",
                   table.encryption == "KMS" ? "The table is encrypted with a KMS key."
                                             : "The table is encrypted with DynamoDB's own key.",
                   {}});
}

}  // namespace

findings judge(const table_facts& table) {
  findings found;
  for (const auto& made : table.probes) {
    if (auto one = judge(made)) found.push_back(std::move(*one));
  }
  if (table.plain) {
    found.push_back(
        {warning, "tls", "Names travel unencrypted: the endpoint is http://.", "Use an https:// endpoint."});
  }
  if (table.description) {
    judge_description(*table.description, table.index, found);
  } else {
    found.push_back(explain({"dynamodb:DescribeTable", "knowing the table's key and index", warning, {}},
                            table.description.error()));
  }
  return found;
}

}  // namespace dossier::stores
