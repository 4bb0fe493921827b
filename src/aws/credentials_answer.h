// Credentials as endpoints, processes and STS hand them out. Pure.
#pragma once

#include <string_view>

#include "aws/credentials.h"

namespace dossier::aws {

// {"AccessKeyId": …, "SecretAccessKey": …, "Token" or "SessionToken": …, "Expiration": …}: of containers,
// instances and credential_process. An instance says how it went in "Code".
outcome<credentials> parse_json_credentials(std::string_view text);

// {"roleCredentials": {"accessKeyId": …, "expiration": milliseconds}}
outcome<credentials> parse_sso_credentials(std::string_view text);

// <Credentials> of AssumeRole and AssumeRoleWithWebIdentity
outcome<credentials> parse_sts_credentials(std::string_view text);

}  // namespace dossier::aws
