// The Security Token Service gives a role's credentials to another identity. These build requests to it.
// Pure.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html
#pragma once

#include <string>

#include "aws/request.h"

namespace dossier::aws::sts {

struct role {
  std::string arn;
  std::string session = {};      // empty: "dossier"
  std::string external_id = {};  // empty: none
};

// Send it without a signature: the token shows who asks.
request assume_role_with_web_identity(const endpoint& where, const role& wanted, const std::string& token);
// Sign it with the credentials that may assume the role.
request assume_role(const endpoint& where, const role& wanted);

}  // namespace dossier::aws::sts
