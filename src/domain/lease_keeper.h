// Keeps the leases of this node's running submissions alive: one coroutine renews all of them together, three
// times in the length of a lease. If the node dies or stands still, the leases are not renewed, and end.
#pragma once

#include <atomic>
#include <mutex>
#include <set>

#include "base/async.h"
#include "base/waiting.h"
#include "domain/records.h"
#include "domain/values.h"

namespace dossier::domain {

class lease_keeper {
 public:
  lease_keeper(records& people, milliseconds lease);

  // Runs until stop(). Spawn once, on any executor.
  awaitable<void> run();
  // May be called from any thread; run() returns soon after.
  void stop();

  // Renews all leases that were added. A failure is only logged.
  awaitable<void> renew_now();

  // Both may be called from any thread.
  void add(const lease_token& lease);
  void remove(const lease_token& lease);

 private:
  records& records_;
  milliseconds lease_;
  std::mutex mutex_;
  std::set<lease_token> held_;
  base::sleeper sleeper_;
  std::atomic<bool> running_ = false;
  std::atomic<bool> stopping_ = false;
};

}  // namespace dossier::domain
