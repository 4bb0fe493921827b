// Everything that a process needs to call AWS, made from its environment: transport, credentials, client.
#pragma once

#include <memory>
#include <string>

#include "aws/client.h"
#include "aws/settings.h"
#include "base/clock.h"
#include "base/observer.h"
#include "base/random.h"
#include "base/result.h"

namespace dossier::aws {

struct session_options {
  base::call_observer observer = {};
  int max_calls = 128;      // requests at the same time
  int max_downloads = 128;  // answers that are read piece by piece, at the same time
};

class session;

// Error: invalid, when libcurl is not on this machine. The clock and the randomness must outlive the session.
// When the settings name no region, this may ask the EC2 instance for it, which blocks.
base::result<std::unique_ptr<session>> make_session(settings all, const base::clock& clock,
                                                    base::random_source& random,
                                                    session_options options = {});

class session {
 public:
  // Called by make_session(), which checks first that libcurl can be loaded. Without libcurl this throws.
  session(settings all, const base::clock& clock, base::random_source& random, session_options options = {});
  // Calls stop().
  ~session();
  session(const session&) = delete;
  session& operator=(const session&) = delete;

  // Makes all calls, running and later ones, fail at once; downloads that are still being read fail too.
  // Callers get the error on their own event loops, which must still run, so a server calls this before it
  // stops its loops.
  void stop();

  client& calls();
  const aws::settings& settings() const;
  // For `dossier doctor`: where the credentials come from.
  credentials_provider& credentials();

 private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

}  // namespace dossier::aws
