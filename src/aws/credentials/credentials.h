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

// Must never be logged or shown.
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
  // May be called from several event loops at once. An error with the code NoCredentials means that this
  // place has none, so look in the next one. Any other error means that this place should have some, but they
  // cannot be read.
  virtual awaitable<outcome<credentials>> get() = 0;
  // Call it when AWS says that these credentials have expired or are unknown, even if `expires` says
  // otherwise. The next get() looks for others.
  virtual void expired(const credentials&) {}
  // Stops the provider for good: callers that wait get an error at once, on their own event loops, and
  // running work ends.
  virtual void stop() {}
  // For `dossier doctor`: where the credentials come from, such as "environment" or "profile dossier".
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

// The error with the code NoCredentials.
error no_credentials(std::string detail);

// These read credentials in the formats of endpoints, processes and STS. Pure. A text that cannot be read is
// an error with the code InvalidCredentials.

// {"AccessKeyId": …, "SecretAccessKey": …, "Token" or "SessionToken": …, "Expiration": …}: from containers,
// instances and credential_process. An instance also says in "Code" whether it succeeded.
outcome<credentials> parse_json_credentials(std::string_view text);

// {"roleCredentials": {"accessKeyId": …, "expiration": milliseconds}}
outcome<credentials> parse_sso_credentials(std::string_view text);

// <Credentials> in the answer to AssumeRole or AssumeRoleWithWebIdentity.
outcome<credentials> parse_sts_credentials(std::string_view text);

}  // namespace dossier::aws
