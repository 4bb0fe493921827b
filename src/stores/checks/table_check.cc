#include "stores/checks/table_check.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "aws/endpoints.h"
#include "domain/catalog.h"
#include "stores/catalog/dynamodb_catalog.h"

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

void check_key(const dynamodb::table_description& table, findings& found) {
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

void check_index(const dynamodb::table_description& table, const std::string& name, findings& found) {
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

void check_description(const dynamodb::table_description& table, const std::string& index, findings& found) {
  if (table.status != "ACTIVE") {
    found.push_back({table.status == "UPDATING" ? note : error, "status",
                     fmt::format("The table is {}.", table.status), "Wait until it is ACTIVE."});
  }
  check_key(table, found);
  check_index(table, index, found);
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

findings findings_of(const table_facts& table) {
  findings found;
  for (const auto& made : table.probes) {
    if (auto one = findings_of(made)) found.push_back(std::move(*one));
  }
  if (table.plain) {
    found.push_back(
        {warning, "tls", "Names travel unencrypted: the endpoint is http://.", "Use an https:// endpoint."});
  }
  if (table.description) {
    check_description(*table.description, table.index, found);
  } else {
    found.push_back(explain({"dynamodb:DescribeTable", "knowing the table's key and index", warning, {}},
                            table.description.error()));
  }
  return found;
}

namespace {

using domain::store_report;

dynamodb::query_options of_nobody(const std::string& index, std::string name) {
  return {.index = index,
          .key_condition = {.text = "#a = :a",
                            .names = {{"#a", std::string(author_attribute)}},
                            .values = {{":a", std::move(name)}}},
          .limit = 1};
}

// A condition that is never met for a key that does not exist.
dynamodb::expression only_when_there() {
  return {.text = "attribute_exists(#k)", .names = {{"#k", std::string(filename_attribute)}}};
}

}  // namespace

// False when further calls are useless.
awaitable<bool> table_check::ask(aws_probe about, aws::request what) {
  auto answer = co_await client_.call(std::move(what));
  if (!answer) about.failed = std::move(answer.error());
  const bool away = about.failed && is_away(*about.failed);
  facts_.probes.push_back(std::move(about));
  co_return !away;
}

// False when the table cannot be asked.
awaitable<bool> table_check::probe_permissions() {
  const domain::object_key absent{random_.token()};
  if (!co_await ask({"dynamodb:GetItem", "knowing whether the catalog answers"},
                    dynamodb::get_item(table_, key_of(absent)))) {
    co_return false;
  }
  co_await ask({"dynamodb:Query", "looking up an author's files"},
               dynamodb::query(table_, of_nobody(index_, absent.value)));
  co_await ask({"dynamodb:Scan", "comparing and rebuilding the catalog"}, dynamodb::scan(table_, {}, 1));
  co_await ask({"dynamodb:PutItem", "describing files in the catalog"},
               dynamodb::put_item(table_, key_of(absent), only_when_there()));
  // Deletes an item that does not exist, because a batch cannot have conditions.
  co_await ask({"dynamodb:BatchWriteItem", "describing many files at once"},
               dynamodb::batch_write(table_, {.deletes = {key_of(absent)}}));
  co_await ask({"dynamodb:DeleteItem", "taking erased files from the catalog"},
               dynamodb::delete_item(table_, key_of(absent), only_when_there()));
  co_return true;
}

awaitable<store_report> table_check::look(domain::check_depth) {
  facts_ = {.index = index_,
            .plain = table_.where.scheme == "http" && !aws::is_this_machine(table_.where.host)};
  store_report report{.store = "catalog", .where = "dynamodb://" + table_.name};
  report.reached = co_await probe_permissions();
  if (!report.reached) {
    for (const auto& made : facts_.probes) {
      if (made.failed) report.findings.push_back(explain(made, *made.failed));
    }
    co_return report;
  }
  auto answer = co_await client_.call(dynamodb::describe_table(table_));
  if (answer) {
    facts_.description = dynamodb::parse_table(*answer);
  } else {
    facts_.description = aws::pass_error(std::move(answer.error()));
  }
  report.findings = findings_of(facts_);
  co_return report;
}

}  // namespace dossier::stores
