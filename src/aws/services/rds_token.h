// A password for RDS that is valid for fifteen minutes. It is computed from the credentials; nothing is sent
// to RDS. The database's user must be created for IAM authentication, the connection must use TLS, and the
// permission rds-db:connect is needed.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.Connecting.html
#pragma once

#include <cstdint>
#include <string>

#include "aws/client.h"

namespace dossier::aws {

struct rds_login {
  std::string host;
  std::uint16_t port = 3306;
  std::string user;
  std::string region;  // of the database
};

// Makes a new password at each call. A connection needs it only when it begins; it may last longer.
awaitable<outcome<std::string>> rds_token(client& calls, rds_login login);

}  // namespace dossier::aws
