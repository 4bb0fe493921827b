// Keeps credentials until shortly before they expire, then has them refreshed: once, however many wait for
// it, and in the background as long as the old ones are valid. A refresh that fails takes nothing away. It
// runs on a thread of the cache's own: callers' loops end, or stand still, without regard to it.
#pragma once

#include <memory>

#include "aws/credentials.h"
#include "base/blocking_pool.h"
#include "base/clock.h"

namespace dossier::aws {

class cached_credentials final : public credentials_provider {
 public:
  // The clock outlives it, and so does what the source uses.
  cached_credentials(std::unique_ptr<credentials_provider> from, const base::clock& clock);
  // As stop(); waits for a refresh that is on its way, which is cancelled.
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
