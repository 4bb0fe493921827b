// Who calls AWS. Providers find credentials in one place each (environment, files, endpoints); aws/chain.h
// puts them in AWS's order behind a cache.
#pragma once

#include <optional>
#include <string>

#include "aws/error.h"
#include "base/async.h"
#include "base/clock.h"

namespace dossier::aws {

// Never logged, never shown.
struct credentials {
  std::string access_key;
  std::string secret_key;
  std::string session_token = {};                // empty: long-lived keys
  std::optional<base::time_point> expires = {};  // nothing: never
  bool operator==(const credentials&) const = default;
};

class credentials_provider {
 public:
  virtual ~credentials_provider() = default;
  // Safe to call from several event loops at once. An error with the code NoCredentials: there are none in
  // this place, look in the next; any other: they should be here, but cannot be had.
  virtual awaitable<outcome<credentials>> get() = 0;
  // AWS says that these have expired or that it does not know them, whatever they say themselves: the next
  // get() finds others, if there are.
  virtual void expired(const credentials&) {}
  // For good: those who wait get an error at once, on their own loops, and what runs on their behalf ends.
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

}  // namespace dossier::aws
