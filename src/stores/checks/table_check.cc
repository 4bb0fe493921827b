#include "stores/checks/table_check.h"

#include "aws/hosts.h"
#include "domain/catalog.h"
#include "stores/catalog/dynamodb_item.h"

namespace dossier::stores {
namespace {

using domain::store_report;
namespace dynamodb = aws::dynamodb;

dynamodb::query_options of_nobody(const std::string& index, std::string name) {
  return {.index = index,
          .key_condition = {.text = "#a = :a",
                            .names = {{"#a", std::string(author_attribute)}},
                            .values = {{":a", std::move(name)}}},
          .limit = 1};
}

// Of a key that is not there, never true.
dynamodb::expression only_when_there() {
  return {.text = "attribute_exists(#k)", .names = {{"#k", std::string(filename_attribute)}}};
}

}  // namespace

// Whether it makes sense to go on asking.
awaitable<bool> table_check::ask(aws_probe about, aws::request what) {
  auto answer = co_await client_.call(std::move(what));
  if (!answer) about.failed = std::move(answer.error());
  const bool away = about.failed && is_away(*about.failed);
  facts_.probes.push_back(std::move(about));
  co_return !away;
}

// False when the table is away.
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
  // Takes away what is not there: a batch knows no conditions.
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
  report.findings = judge(facts_);
  co_return report;
}

}  // namespace dossier::stores
