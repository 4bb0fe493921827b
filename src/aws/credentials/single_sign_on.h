// Single sign-on (IAM Identity Center): exchanges the token that `aws sso login` left in its cache for a
// role's credentials. Only a person can renew a token that has expired. Pure.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "aws/credentials/profile_file.h"
#include "aws/transport/transport.h"
#include "base/clock.h"

namespace dossier::aws {

struct single_sign_on {
  std::string account;
  std::string role;
  std::string region;
  std::string cache_file;  // under ~/.aws/sso/cache
};

// Reads a profile with sso_session, or with its own sso_start_url. The error says what is missing.
std::expected<single_sign_on, std::string> single_sign_on_of(const profile& said, const profiles& all);

// `host` is the host of the portal in the session's region, `cached_token` the text of the session's
// cache_file. An error when that cannot be read or has expired.
std::expected<http_request, std::string> single_sign_on_request(const single_sign_on& session,
                                                                std::string_view host,
                                                                std::string_view cached_token,
                                                                base::time_point now);

}  // namespace dossier::aws
