// Keeps credentials until shortly before they expire, then has them refreshed: once, however many wait for
// it, and in the background as long as the old ones are valid. A refresh that fails takes nothing away.
#pragma once

#include <memory>

#include "aws/credentials.h"
#include "base/clock.h"

namespace dossier::aws {

class cached_credentials final : public credentials_provider {
 public:
  // The clock outlives it.
  cached_credentials(std::unique_ptr<credentials_provider> from, const base::clock& clock);
  ~cached_credentials() override;
  awaitable<outcome<credentials>> get() override;
  void expired(const credentials& which) override;
  std::string name() const override;

 private:
  struct state;
  static awaitable<void> refresh(std::shared_ptr<state> state);
  std::shared_ptr<state> state_;
};

}  // namespace dossier::aws
