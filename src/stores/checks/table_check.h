// Examines a table of DynamoDB: what Dossier may do there, and how it is set up. Writes are tried with a
// condition that is never met, or on an item that does not exist: AWS checks the permission first, and
// nothing is changed.
#pragma once

#include <string>
#include <vector>

#include "aws/client.h"
#include "aws/services/dynamodb.h"
#include "base/random.h"
#include "domain/store_check.h"
#include "stores/checks/aws_checks.h"

namespace dossier::stores {

// What a table answered; findings_of() says what that means. Pure.
struct table_facts {
  std::string index;   // the index that look-ups by author need
  bool plain = false;  // requests go to another machine over plain HTTP
  std::vector<aws_probe> probes = {};
  aws::outcome<aws::dynamodb::table_description> description = aws::dynamodb::table_description{};
};

std::vector<domain::store_finding> findings_of(const table_facts& table);

class table_check final : public domain::store_check {
 public:
  // `via` and `random` must outlive this object.
  table_check(aws::client& via, base::random_source& random, aws::dynamodb::table table, std::string index)
      : client_(via), random_(random), table_(std::move(table)), index_(std::move(index)) {}

  awaitable<domain::store_report> look(domain::check_depth how) override;

 private:
  awaitable<bool> ask(aws_probe about, aws::request what);
  awaitable<bool> probe_permissions();

  aws::client& client_;
  base::random_source& random_;
  aws::dynamodb::table table_;
  std::string index_;
  table_facts facts_;
};

}  // namespace dossier::stores
