// The credentials of this process, from the places where AWS's own tools look, in their order: environment,
// web identity, profile (keys, credential_process, SSO), container endpoint, EC2 instance.
#pragma once

#include <memory>

#include "aws/credentials/credentials.h"
#include "aws/settings.h"
#include "aws/transport/transport.h"
#include "base/blocking_pool.h"
#include "base/clock.h"

namespace dossier::aws {

// Keeps credentials and refreshes them shortly before they expire. All callers share one refresh; while the
// old credentials are valid, callers get them without waiting. A refresh that fails leaves the old ones in
// use. The refresh runs on the cache's own thread, because a caller's event loop may end or be blocked at any
// time.

class cached_credentials final : public credentials_provider {
 public:
  // The clock, and everything that `from` uses, must outlive the cache.
  cached_credentials(std::unique_ptr<credentials_provider> from, const base::clock& clock);
  // Calls stop(), and waits until a running refresh, which is cancelled, has ended.
  ~cached_credentials() override;
  awaitable<outcome<credentials>> get() override;
  void expired(const credentials& which) override;
  void stop() override;
  std::string name() const override;

 private:
  struct state;
  static void run_refresh(const std::shared_ptr<state>& mine);
  static awaitable<void> refresh(std::shared_ptr<state> mine);
  static void finish(const std::shared_ptr<state>& mine, outcome<credentials> found);
  std::shared_ptr<state> state_;
  base::blocking_pool refreshes_{1};
};

// Behind a cache. Settings are copied. The transport and the clock must outlive the result.
std::unique_ptr<credentials_provider> default_credentials(const settings& all, transport& via,
                                                          const base::clock& clock);

}  // namespace dossier::aws
