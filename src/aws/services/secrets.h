// Requests to Parameter Store (one parameter, decrypted) and to Secrets Manager (below).
// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
#pragma once

#include <string>
#include <string_view>

#include "aws/error.h"
#include "aws/request.h"

namespace dossier::aws::ssm {

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
