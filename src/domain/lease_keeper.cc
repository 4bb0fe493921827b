#include "domain/lease_keeper.h"

#include <vector>

#include "base/log.h"

namespace dossier::domain {

lease_keeper::lease_keeper(records& people, milliseconds lease) : records_(people), lease_(lease) {}

awaitable<void> lease_keeper::run() {
  while (!stopping_) {
    co_await sleeper_.sleep(lease_ / 3);
    if (!stopping_) co_await renew_now();
  }
}

awaitable<void> lease_keeper::renew_now() {
  std::vector<lease_token> held;
  {
    const std::lock_guard lock(mutex_);
    held.assign(held_.begin(), held_.end());
  }
  if (held.empty()) co_return;
  // A renewal that fails is tried again at the next third; past the end the fence holds and the upload
  // fails.
  const auto renewed = co_await records_.renew_leases(std::move(held), lease_);
  if (!renewed) base::log_warning("leases not renewed", {{"reason", renewed.error().message}});
}

void lease_keeper::stop() {
  stopping_ = true;
  sleeper_.wake();
}

void lease_keeper::add(const lease_token& lease) {
  const std::lock_guard lock(mutex_);
  held_.insert(lease);
}

void lease_keeper::remove(const lease_token& lease) {
  const std::lock_guard lock(mutex_);
  held_.erase(lease);
}

}  // namespace dossier::domain
