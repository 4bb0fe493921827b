// Keeps credentials until shortly before they expire, then refreshes them: once, however many callers wait,
// and in the background while the old ones are valid. A refresh that fails leaves the old ones in use. It
// runs on a thread of the cache's own, because a caller's loop may end or stand still at any time.
#pragma once

#include <memory>

#include "aws/credentials/credentials.h"
#include "base/blocking_pool.h"
#include "base/clock.h"

namespace dossier::aws {

class cached_credentials final : public credentials_provider {
 public:
  // The clock outlives it, and so does what the source uses.
  cached_credentials(std::unique_ptr<credentials_provider> from, const base::clock& clock);
  // As stop(); waits for the end of a running refresh, which is cancelled.
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

}  // namespace dossier::aws
