// Credentials for calls to AWS. Each provider looks in one place (environment, files, endpoints);
// default_credentials.h puts the providers in AWS's order behind a cache.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "aws/error.h"
#include "base/async.h"
#include "base/clock.h"

namespace dossier::aws {

// Never logged, never shown.
struct credentials {
  std::string access_key;
  std::string secret_key;
  std::string session_token = {};                // empty: long-lived keys
  std::optional<base::time_point> expires = {};  // empty: never
  bool operator==(const credentials&) const = default;
};

class credentials_provider {
 public:
  virtual ~credentials_provider() = default;
  // Safe to call from several event loops at once. An error with the code NoCredentials means: there are none
  // in this place, look in the next one. Any other error means: they should be here, but cannot be had.
  virtual awaitable<outcome<credentials>> get() = 0;
  // AWS says that these have expired or are unknown, whatever their own time of expiry: the next get() looks
  // for others.
  virtual void expired(const credentials&) {}
  // For good: callers that wait get an error at once, on their own loops, and work for them ends.
  virtual void stop() {}
  // For the doctor: where they come from, as "environment" or "profile \"dossier\"".
  virtual std::string name() const = 0;
};

// Always the same; for tests and for keys from the environment.
class static_credentials final : public credentials_provider {
 public:
  explicit static_credentials(credentials always, std::string name = "given")
      : always_(std::move(always)), name_(std::move(name)) {}
  awaitable<outcome<credentials>> get() override;
  std::string name() const override { return name_; }

 private:
  credentials always_;
  std::string name_;
};

// The error that says "not here".
error no_credentials(std::string detail);

// Reading credentials as endpoints, processes and STS hand them out. Pure.

// {"AccessKeyId": …, "SecretAccessKey": …, "Token" or "SessionToken": …, "Expiration": …}: of containers,
// instances and credential_process. An instance also says in "Code" whether it succeeded.
outcome<credentials> parse_json_credentials(std::string_view text);

// {"roleCredentials": {"accessKeyId": …, "expiration": milliseconds}}
outcome<credentials> parse_sso_credentials(std::string_view text);

// <Credentials> of AssumeRole and AssumeRoleWithWebIdentity
outcome<credentials> parse_sts_credentials(std::string_view text);

}  // namespace dossier::aws
