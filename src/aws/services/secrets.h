// Where passwords come from: Parameter Store, Secrets Manager, or a token for RDS.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "aws/client.h"
#include "aws/error.h"
#include "aws/request.h"

namespace dossier::aws::ssm {

// Parameter Store: one parameter.
// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html

// A SecureString is decrypted (that needs kms:Decrypt besides ssm:GetParameter). The call fails with
// not_found when there is no such parameter.
request get_parameter(const endpoint& where, std::string_view name);
outcome<std::string> parse_parameter(const response& answer);

}  // namespace dossier::aws::ssm

namespace dossier::aws::secrets_manager {

// Secrets Manager: one secret, or one member of a secret that is JSON (as RDS keeps its passwords).
// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html

// `id` is a name or an ARN. The call fails with not_found when there is no such secret.
request get_secret_value(const endpoint& where, std::string_view id);
// The whole secret; with a key, that member of its JSON. Error: invalid, when the secret is not JSON or has
// no such member.
outcome<std::string> parse_secret(const response& answer, std::string_view key = {});

}  // namespace dossier::aws::secrets_manager

// A password for RDS that is valid for fifteen minutes. It is computed from the credentials; nothing is sent
// to RDS. The database's user must be created for IAM authentication, the connection must use TLS, and the
// permission rds-db:connect is needed.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.Connecting.html
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
