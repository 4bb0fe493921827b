// Examines a table of DynamoDB: what Dossier may do there, and how it is set up. Writes are asked for on a
// condition that cannot hold: AWS says whether one may, and nothing is written.
#pragma once

#include <string>

#include "aws/client.h"
#include "base/random.h"
#include "domain/store_check.h"
#include "stores/checks/table_rules.h"

namespace dossier::stores {

class table_check final : public domain::store_check {
 public:
  // Client and randomness outlive it.
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
