// All that a process needs to call AWS, put together from its environment: transport, credentials, client.
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
  int max_downloads = 128;  // answers that are pulled at the same time
};

class session;

// invalid: libcurl is not on this machine. The clock and the randomness outlive the session.
base::result<std::unique_ptr<session>> make_session(settings all, const base::clock& clock,
                                                    base::random_source& random,
                                                    session_options options = {});

class session {
 public:
  // Only where libcurl is known to be there; make_session() finds that out.
  session(settings all, const base::clock& clock, base::random_source& random, session_options options = {});
  // As stop().
  ~session();
  session(const session&) = delete;
  session& operator=(const session&) = delete;

  // Running and later calls end at once with an error, and so do bodies that are still pulled. The callers
  // are told on their own event loops, which must run until then: a server calls this before it stops them.
  void stop();

  client& calls();
  const aws::settings& settings() const;
  // For the doctor: where the credentials come from.
  credentials_provider& credentials();

 private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

}  // namespace dossier::aws
