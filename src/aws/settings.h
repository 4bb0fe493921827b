// Region, endpoints and profile, from the variables and files that AWS's own tools read.
//
// AWS_REGION, AWS_DEFAULT_REGION, AWS_PROFILE, AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE, AWS_CA_BUNDLE,
// AWS_MAX_ATTEMPTS, AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_S3, _DYNAMODB, _SSM, _SECRETS_MANAGER, _STS.
#pragma once

#include <string>

#include "aws/environment.h"
#include "aws/profile_file.h"
#include "aws/request.h"
#include "base/result.h"

namespace dossier::aws {

enum class service { s3, dynamodb, ssm, secrets_manager, sts };

struct settings {
  environment variables = {};
  std::string profile = {};    // the name; "default" unless told
  profiles files = {};         // of both files, together
  std::string region = {};     // empty: not known
  std::string ca_bundle = {};  // a file; empty: the system's
  int attempts = 3;
};

// Reads both files. invalid: a file that was named cannot be read or understood, or an endpoint is not an
// URL; the message is for the operator and says which.
base::result<settings> load_settings(environment variables);

// AWS's own endpoint for the region unless the settings name another. invalid without a region.
base::result<endpoint> endpoint_of(const settings& all, service which);
// The same in another region than the settings'.
base::result<endpoint> endpoint_of(const settings& all, service which, std::string region);

}  // namespace dossier::aws
