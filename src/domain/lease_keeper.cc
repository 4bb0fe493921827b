#include "domain/lease_keeper.h"

#include <vector>

#include "base/expects.h"
#include "base/log.h"

namespace dossier::domain {

lease_keeper::lease_keeper(records& people, milliseconds lease) : records_(people), lease_(lease) {
  base::expects(lease_ > milliseconds(0), "a lease lasts for some time");
}

awaitable<void> lease_keeper::run() {
  base::expects(!running_.exchange(true), "one coroutine renews the leases");
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
  // A renewal that fails is tried again after another third of the lease. When the lease has ended, the
  // upload can no longer be committed.
  const auto renewed = co_await records_.renew_leases(std::move(held), lease_);
  if (!renewed) base::log_warning("leases not renewed", {{"reason", renewed.error().message}});
}

void lease_keeper::stop() {
  stopping_ = true;
  sleeper_.wake();
}

void lease_keeper::add(const lease_token& lease) {
  base::expects(!lease.value.empty(), "a lease that is renewed has its token");
  const std::lock_guard lock(mutex_);
  held_.insert(lease);
}

void lease_keeper::remove(const lease_token& lease) {
  const std::lock_guard lock(mutex_);
  held_.erase(lease);
}

}  // namespace dossier::domain
