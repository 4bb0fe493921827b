// What is to be said about a MySQL or MariaDB, from what it answered. Pure.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/store_check.h"

namespace dossier::stores {

struct mysql_facts {
  std::string version;                                           // as 10.11.6-MariaDB or 8.0.36
  std::string database;                                          // our schema
  std::map<std::string, std::string, std::less<>> global = {};   // variables
  std::map<std::string, std::string, std::less<>> session = {};  // of ours
  std::string tls_version = {};                                  // empty: not encrypted
  bool tls_required = true;                                      // then chain and host name were verified
  bool this_machine = false;
  std::chrono::milliseconds ahead{0};  // its clock, of ours
  unsigned connections = 0;            // that each node opens
  std::vector<std::string> grants = {};
  std::vector<std::string> other_engines = {};  // tables that InnoDB does not keep
  std::string charset = {};                     // of the schema
};

std::vector<domain::store_finding> judge(const mysql_facts& database);

// Which of the privileges that are needed the grants do not give on this schema.
std::vector<std::string_view> missing_privileges(const std::vector<std::string>& grants,
                                                 std::string_view database);

// A clock that is off by more than it is told of.
std::optional<domain::store_finding> judge_clock(std::string_view whose, std::chrono::milliseconds ahead);

}  // namespace dossier::stores
