// Region, endpoints and profile, from the variables and files that AWS's own tools read.
//
// AWS_REGION, AWS_DEFAULT_REGION, AWS_PROFILE, AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE, AWS_CA_BUNDLE,
// AWS_MAX_ATTEMPTS, AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_S3, _DYNAMODB, _SSM, _SECRETS_MANAGER, _STS,
// AWS_IGNORE_CONFIGURED_ENDPOINT_URLS, AWS_USE_FIPS_ENDPOINT, AWS_USE_DUALSTACK_ENDPOINT; and of the profile
// s3.addressing_style.
#pragma once

#include <string>
#include <string_view>

#include "aws/environment.h"
#include "aws/profile_file.h"
#include "aws/request.h"
#include "base/result.h"

namespace dossier::aws {

struct endpoint_kind {
  bool fips = false;
  bool dual_stack = false;  // IPv6 too
};

struct settings {
  environment variables = {};
  std::string profile = {};    // the name; "default" unless told
  profiles files = {};         // of both files, together, as they were at the start
  std::string region = {};     // empty: not known
  std::string ca_bundle = {};  // a file; empty: the system's
  int attempts = 3;
  addressing buckets = addressing::automatic;
  endpoint_kind kind = {};
  bool ignore_endpoints = false;  // those of variables and files
};

// Both files, together. invalid: one that was named cannot be read, or one cannot be understood.
base::result<profiles> read_profiles(const environment& variables);

// Reads both files. invalid: a file that was named cannot be read or understood, or a value is none
// of those that it may have; the message is for the operator and says which.
base::result<settings> load_settings(environment variables);

// Of the chosen profile; empty where it does not say.
std::string profile_value(const settings& all, std::string_view name);

// It becomes part of host names.
bool is_region(std::string_view text);

}  // namespace dossier::aws
