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

struct access_options {
  base::call_observer observer = {};
  int max_calls = 128;      // requests at once
  int max_downloads = 128;  // answers that are pulled, at once
};

class access;

// invalid: what calls go through is not on this machine. The clock and the randomness outlive what is made.
base::result<std::unique_ptr<access>> make_access(settings all, const base::clock& clock,
                                                  base::random_source& random, access_options options = {});

class access {
 public:
  // As make_access(), which it takes to find out whether it can be made.
  access(settings all, const base::clock& clock, base::random_source& random, access_options options = {});
  // As stop().
  ~access();
  access(const access&) = delete;
  access& operator=(const access&) = delete;

  // Calls that go on, and later ones, end at once with an error, and so do bodies that are still pulled.
  // Those who wait for them do so on event loops of their own, which must run until they have been told: so a
  // server calls this before it stops its loops.
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
