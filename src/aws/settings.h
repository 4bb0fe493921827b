// Region, endpoints and profile, from the variables and files that AWS's own tools read.
//
// AWS_REGION, AWS_DEFAULT_REGION, AWS_PROFILE, AWS_DEFAULT_PROFILE, AWS_CONFIG_FILE,
// AWS_SHARED_CREDENTIALS_FILE, AWS_CA_BUNDLE, AWS_MAX_ATTEMPTS, AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_S3,
// _DYNAMODB, _SSM, _SECRETS_MANAGER, _STS, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS, AWS_USE_FIPS_ENDPOINT,
// AWS_USE_DUALSTACK_ENDPOINT; the profile's entries for the same, and its s3.addressing_style.
#pragma once

#include <expected>
#include <map>
#include <string>
#include <string_view>

#include "aws/credentials/environment.h"
#include "aws/request.h"
#include "base/result.h"

namespace dossier::aws {

// The shared files ~/.aws/config and ~/.aws/credentials: sections of `name = value`.
// https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html

using profile = std::map<std::string, std::string, std::less<>>;  // names in lower case

struct profiles {
  std::map<std::string, profile, std::less<>> by_name = {};
  std::map<std::string, profile, std::less<>> sso_sessions = {};

  const profile* find(std::string_view name) const;
};

enum class profile_file_kind { config, credentials };

// Adds the values of a file's text. A value of the same name is overwritten. The error says which line is
// wrong. Nested values (indented lines) are kept as "name.inner".
std::expected<void, std::string> add_profiles(profiles& all, std::string_view text, profile_file_kind kind);

struct endpoint_kind {
  bool fips = false;
  bool dual_stack = false;  // IPv6 too
};

struct settings {
  environment variables = {};
  std::string profile = {};    // its name; "default" unless a variable names another
  profiles files = {};         // of both files, together, as they were at the start
  std::string region = {};     // empty: not known
  std::string ca_bundle = {};  // a file; empty: the system's
  int attempts = 3;
  addressing buckets = addressing::automatic;
  endpoint_kind kind = {};
  bool ignore_endpoints = false;  // ignore endpoints in variables and files
};

// The profiles of both files together. Error: invalid, when a file that a variable names cannot be read, or a
// file has a wrong line.
base::result<profiles> read_profiles(const environment& variables);

// Reads the variables and both files. Error: invalid, as above, or when a value is not one of those that are
// allowed. The message is for the operator and says which one.
base::result<settings> load_settings(environment variables);

// A value of the chosen profile; empty when the profile does not have it.
std::string profile_value(const settings& all, std::string_view name);

// Whether the text can be the name of a region. Check this before the text becomes part of a host name.
bool is_region(std::string_view text);

}  // namespace dossier::aws
