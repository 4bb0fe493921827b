// Does the tasks that are owed: leases those that are due, does each, confirms it. Recovery after a crash is
// just this worker on the same table. One coroutine decides; a bounded number of tasks run at the same time.
#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/random.h"
#include "base/sleeper.h"
#include "domain/catalog.h"
#include "domain/object_store.h"
#include "domain/records.h"

namespace dossier::domain {

struct worker_settings {
  int batch = 64;                          // tasks leased, and running, at once
  milliseconds lease{60'000};              // longer than calls to a store take; else see complete_tasks()
  milliseconds erase_again_after{30'000};  // a stalled node's late write has landed by then
  milliseconds gather{20};                 // wait after a wake-up, so that one batch serves many submissions;
                                           // five times as long while several tasks come at a time
  milliseconds longest_sleep{5'000};       // other nodes' tasks are noticed after this long
  milliseconds first_retry{500};           // doubled at each attempt, with jitter
  milliseconds longest_retry{300'000};
  milliseconds forget_keys_after{24 * 3'600'000};
};

class worker {
 public:
  worker(records& people, object_store& objects, catalog& items, base::random_source& random,
         worker_settings settings);

  // Runs until stop(), and finishes the batch that it is in. Spawn once.
  awaitable<void> run();
  // From any thread.
  void stop();
  // A task is owed: look for it now. From any thread, cheap.
  void wake();

  // Does everything that is due now and returns how many tasks that was; for gc, doctor --repair and tests.
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
  std::string waiting_for_;  // why tasks wait; logged once
};

}  // namespace dossier::domain
