// Credentials from a profile of AWS's shared files: keys, a role through another profile, a process, or
// single sign-on. The files are read at each get(), because tools write renewed credentials there.
#pragma once

#include <atomic>
#include <expected>
#include <string>
#include <string_view>

#include "aws/credentials/credentials.h"
#include "aws/settings.h"
#include "aws/transport/transport.h"
#include "base/blocking_pool.h"
#include "base/clock.h"

namespace dossier::aws {

// Single sign-on (IAM Identity Center): exchanges the token that `aws sso login` left in its cache for a
// role's credentials. Only a person can renew a token that has expired. Pure.

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

class profile_credentials final : public credentials_provider {
 public:
  // The transport and the clock must outlive it.
  profile_credentials(settings all, transport& via, const base::clock& clock);
  awaitable<outcome<credentials>> get() override;
  void stop() override { stopped_ = true; }
  std::string name() const override { return "profile " + all_.profile; }

 private:
  // A profile on the way to the credentials: a role may have another profile as its source.
  struct step {
    const profiles& files;
    std::string name;
    int depth = 0;
  };
  awaitable<outcome<credentials>> of_profile(step at);
  awaitable<outcome<credentials>> of_role(step at, const profile& said);
  awaitable<outcome<credentials>> of_source(step at, const profile& said);
  awaitable<outcome<credentials>> of_process(const step& at, const std::string& command);
  awaitable<outcome<credentials>> of_single_sign_on(const step& at, const profile& said);

  settings all_;
  transport& via_;
  const base::clock& clock_;
  std::atomic<bool> stopped_ = false;
  base::blocking_pool processes_{1};
};

}  // namespace dossier::aws
