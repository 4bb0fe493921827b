// What the doctor says about a MySQL or MariaDB, from what the server answered. Pure.
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
  std::map<std::string, std::string, std::less<>> session = {};  // of our session
  std::string tls_version = {};                                  // empty: not encrypted
  bool tls_required = true;                                      // then chain and host name were verified
  bool this_machine = false;
  std::chrono::milliseconds ahead{0};  // its clock, compared with ours
  unsigned connections = 0;            // that each node opens
  std::vector<std::string> grants = {};
  std::vector<std::string> other_engines = {};  // tables that InnoDB does not keep
  std::string charset = {};                     // of the schema
};

std::vector<domain::store_finding> findings_of(const mysql_facts& database);

// The privileges that Dossier needs on this schema and these grants do not give.
std::vector<std::string_view> missing_privileges(const std::vector<std::string>& grants,
                                                 std::string_view database);

// A finding when a clock is off by more than five seconds.
std::optional<domain::store_finding> check_clock(std::string_view whose, std::chrono::milliseconds ahead);

}  // namespace dossier::stores
