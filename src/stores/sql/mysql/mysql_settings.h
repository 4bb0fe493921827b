// How to reach a MySQL or MariaDB, and the bounds on everything that waits for it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "base/fair_lane.h"
#include "base/result.h"

namespace dossier::stores::sql {

// Answers the password. Called for each connection, on a thread that may block. `refresh`: the database has
// just refused the previous answer, so the password must be read again and not taken from a cache.
using password_provider = std::function<base::result<std::string>(bool refresh)>;

struct mysql_settings {
  std::string host = "localhost";
  std::uint16_t port = 3306;
  std::string user;
  std::string database;
  password_provider password;

  enum class tls_mode { off, required };
  tls_mode tls = tls_mode::required;  // the certificate's chain and host name are always verified
  std::string ca_file;                // PEM; the chain must end at a certificate in this file
  // For RDS IAM: the password is a token that is sent in clear text, but only over TLS.
  bool clear_password = false;
  std::string plugin_folder;  // of libmariadb's authentication plugins; empty: the library's own choice

  unsigned connections = 16;                                // each with a thread
  base::lane_limits long_reads{.places = 4, .lengthy = 4};  // the limits of long reads, such as searches
  std::size_t waiting = 512;  // transactions in line for a connection; more are refused
  std::chrono::milliseconds wait_limit{5'000};

  std::chrono::milliseconds connect_limit{4'000};       // rounded up to whole seconds
  std::chrono::milliseconds statement_limit{8'000};     // on MySQL for reads only: it has none for writes
  std::chrono::milliseconds lock_limit{1'000};          // rounded up to whole seconds; then tried again later
  std::chrono::milliseconds network_limit{15'000};      // for an answer; longer than the two limits above
  std::chrono::milliseconds transaction_limit{12'000};  // no further attempt begins after this
  // A write to a database that is read only is tried again for this long, and refused then.
  std::chrono::milliseconds read_only_limit{4'000};
  int attempts = 8;  // at a transaction that met a lock or another node

  std::chrono::milliseconds look_after{5'000};      // a connection idle for longer is checked before use
  std::chrono::milliseconds look_limit{1'000};      // and closed if it does not answer within this time
  std::chrono::milliseconds idle_limit{60'000};     // an idle connection is closed after this time
  std::chrono::milliseconds life_limit{1'800'000};  // plus or minus a tenth, so that not all end at once

  // The database's clock in milliseconds since 1970, as SQL. Tests replace it.
  std::string now_ms = "CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)";
};

}  // namespace dossier::stores::sql
