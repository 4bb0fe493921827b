// Does the tasks that are owed: leases those that are due, does them and confirms them. Recovery after a
// crash is the same worker on the same table. One coroutine plans; a limited number of tasks run at the same
// time.
#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/random.h"
#include "base/waiting.h"
#include "domain/catalog.h"
#include "domain/object_store.h"
#include "domain/records.h"

namespace dossier::domain {

struct worker_settings {
  int batch = 64;                          // tasks leased, and running, at once
  milliseconds lease{60'000};              // must be longer than a call to a store (see complete_tasks())
  milliseconds erase_again_after{30'000};  // until then, a node that stood still may write late
  milliseconds gather{20};                 // wait after a wake-up, so that one batch serves many submissions;
                                           // five times as long while several tasks come at a time
  milliseconds longest_sleep{5'000};       // tasks of other nodes are noticed after this time at most
  milliseconds first_retry{500};           // doubled at each attempt, with jitter
  milliseconds longest_retry{300'000};
  milliseconds forget_keys_after{24 * 3'600'000};
  milliseconds keep_audit{730 * std::chrono::hours(24)};  // older entries are cut off
};

class worker {
 public:
  worker(records& people, object_store& objects, catalog& items, base::random_source& random,
         worker_settings settings);

  // Runs until stop(), then finishes its batch and returns. Spawn once.
  awaitable<void> run();
  // May be called from any thread.
  void stop();
  // Call it after a task was inserted: the worker looks for it now. Cheap; may be called from any thread.
  void wake();

  // Does everything that is due now, and returns the number of tasks; for gc, doctor --repair and tests.
  awaitable<result<int>> run_due();

 private:
  awaitable<std::optional<milliseconds>> run_round();
  awaitable<result<int>> run_batch();
  awaitable<void> run_task(task leased, std::vector<finished_task>& done);
  awaitable<void> index_together(std::vector<task> leased, std::vector<finished_task>& done);
  awaitable<void> settle(task leased, result<void> outcome, std::vector<finished_task>& done);
  awaitable<result<void>> do_task(task& leased);
  awaitable<result<void>> erase_everywhere(object_key key);
  awaitable<bool> forget_old_keys();
  awaitable<bool> tend_search(bool at_once);
  awaitable<bool> tend_audit();
  awaitable<void> log_audit_end();
  milliseconds retry_delay(int attempts);

  records& records_;
  object_store& objects_;
  catalog& catalog_;
  base::random_source& random_;
  worker_settings settings_;

  base::sleeper sleeper_;
  base::sleeper gathering_;   // woken by stop() alone
  bool busy_ = false;         // the last batch had several tasks
  bool clearing_up_ = false;  // the last round left keys to forget or people to index
  std::atomic<bool> running_ = false;
  std::atomic<bool> stopping_ = false;
  std::chrono::steady_clock::time_point keys_forgotten_;
  bool more_to_forget_ = false;
  audit_mark logged_audit_;
  std::string waiting_for_;  // why tasks wait; logged once
};

}  // namespace dossier::domain
