// What the errors of a MySQL or MariaDB server mean: what may be shown, what the log may hold, and whether
// the transaction can be tried again.
#pragma once

#include <string>
#include <string_view>

#include "stores/sql/connection.h"

namespace dossier::stores::sql {

enum class mysql_trouble {
  none,
  lost,       // the connection is gone, or the server is about to go
  read_only,  // it has become a replica: connect again, to the server that is the primary now
  busy,       // a deadlock, or a lock that was not released in time
  duplicate,  // a unique key exists: another transaction inserted it first
  statement,  // the server forgot a prepared statement, or has too many
  refused,    // user, password or permission
  limited,    // the account has used up what it is allowed
  full,       // no space left
  too_slow,   // over the time limit of a statement
  other,
};

// What an error number means. The table in mysql_error.cc names its sources.
mysql_trouble trouble_of(unsigned code);

class mysql_failure final : public failure {
 public:
  // `doing` is the statement or step, never a value. The server's message is cut where it quotes what people
  // may have typed.
  mysql_failure(unsigned code, std::string_view state, std::string_view message, std::string_view doing);

  mysql_trouble trouble() const { return trouble_of(code_); }
  unsigned number() const { return code_; }
  bool is_about_tls() const;
  // The server refused the log-in. Trying the same password again may lock the account, because some servers
  // count failed tries.
  bool is_login() const;

 private:
  unsigned code_;
};

// What the operator can do when TLS went wrong.
inline constexpr std::string_view how_to_trust =
    "See that mysql.ca_file is the certificate of the authority that signed the server's (for RDS: AWS's "
    "bundle), and that the server's certificate is for the host that is named here.";

// Server messages quote what people typed ("Duplicate entry 'Anna' for key …"): this cuts everything from the
// first quote to the last one.
std::string without_quoted(std::string_view message);

}  // namespace dossier::stores::sql
