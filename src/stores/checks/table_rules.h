// What is to be said about a table of DynamoDB, from what it answered. Pure.
#pragma once

#include <string>
#include <vector>

#include "aws/dynamodb.h"
#include "domain/store_check.h"
#include "stores/checks/aws_probe.h"

namespace dossier::stores {

struct table_facts {
  std::string index;   // that look-ups by author need
  bool plain = false;  // over HTTP, to another machine
  std::vector<aws_probe> probes = {};
  aws::outcome<aws::dynamodb::table_description> description = aws::dynamodb::table_description{};
};

std::vector<domain::store_finding> judge(const table_facts& table);

}  // namespace dossier::stores
