// The security token service: a role's credentials, in exchange for another identity. Pure.
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

// To be sent without a signature: the token says who asks.
request assume_role_with_web_identity(const endpoint& where, const role& wanted, const std::string& token);
// To be signed with the credentials that may assume it.
request assume_role(const endpoint& where, const role& wanted);

}  // namespace dossier::aws::sts
