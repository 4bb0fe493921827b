// The doctor's findings about a MySQL or MariaDB server, made from what the server answered. Pure.
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
  std::string version;                                           // such as 10.11.6-MariaDB or 8.0.36
  std::string database;                                          // the schema that Dossier uses
  std::map<std::string, std::string, std::less<>> global = {};   // variables
  std::map<std::string, std::string, std::less<>> session = {};  // of the doctor's session
  std::string tls_version = {};                                  // empty: not encrypted
  bool tls_required = true;                                      // true: chain and host name were verified
  bool this_machine = false;
  std::chrono::milliseconds ahead{0};  // how far the server's clock is ahead of this machine's
  unsigned connections = 0;            // how many each node opens
  std::vector<std::string> grants = {};
  std::vector<std::string> other_engines = {};  // tables of another engine than InnoDB
  std::string charset = {};                     // of the schema
};

std::vector<domain::store_finding> findings_of(const mysql_facts& database);

// The privileges that Dossier needs on this schema and that these grants do not give.
std::vector<std::string_view> missing_privileges(const std::vector<std::string>& grants,
                                                 std::string_view database);

// A finding when a clock is off by more than five seconds.
std::optional<domain::store_finding> check_clock(std::string_view whose, std::chrono::milliseconds ahead);

}  // namespace dossier::stores
