// A password for RDS that lasts fifteen minutes, made from credentials: nothing is sent. The user must be
// made for IAM authentication, the connection must be TLS, the permission is rds-db:connect.
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

// A new one each time. It is needed when a connection begins, not for as long as it lasts.
awaitable<outcome<std::string>> rds_token(client& calls, rds_login login);

}  // namespace dossier::aws
