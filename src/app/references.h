// Settings whose value is kept elsewhere and named in its place:
//
//   ssm:NAME                  a parameter of AWS Systems Manager's Parameter Store, decrypted
//   secretsmanager:ID         a secret of AWS Secrets Manager
//   secretsmanager:ID#KEY     one member of a secret that is JSON, as RDS keeps its own: …#password
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace dossier::app {

struct reference {
  enum class place { parameter, secret };
  place where = place::parameter;
  std::string name;  // or an ARN
  std::string key;   // of the secret's JSON; empty: all of it
  bool operator==(const reference&) const = default;
};

bool is_reference(std::string_view text);
// invalid: a name is missing, or has characters that a name cannot have.
base::result<reference> parse_reference(std::string_view text);

// Reads what a reference names. The error says what to do, and holds no secret.
class reference_reader {
 public:
  virtual ~reference_reader() = default;
  // Blocks. Call it only on a thread that runs no event loop.
  virtual base::result<std::string> read(const reference& which) = 0;
};

// The value that `text` names, without the line ends that parameters are often stored with. Spaces stay: they
// may belong to a password.
base::result<std::string> read_reference(std::string_view text, reference_reader& reader);

}  // namespace dossier::app
