// Parameter Store: one parameter, decrypted.
// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
#pragma once

#include <string>
#include <string_view>

#include "aws/error.h"
#include "aws/request.h"

namespace dossier::aws::ssm {

// A SecureString is decrypted (that needs kms:Decrypt besides ssm:GetParameter). not_found.
request get_parameter(const endpoint& where, std::string_view name);
outcome<std::string> parse_parameter(const response& answer);

}  // namespace dossier::aws::ssm
