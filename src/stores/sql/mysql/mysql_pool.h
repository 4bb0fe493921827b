// The threads that talk to a MySQL or MariaDB server, each over its own connection, and the line of
// transactions that wait for a thread. The line's length and the time in it are limited, and transactions
// that exceed the limits are refused. So requests do not pile up while the database is slow or cannot be
// reached.
//
// A thread tries a transaction once. If it is to be tried again, it goes back into the line and waits there,
// so that waiting holds no connection. Neither reads nor writes may use all of the threads, so that neither
// stops the other (mysql_line.h has the rules).
//
// Of the idle threads, the one that was busy last is called first. So when there is little work, it uses few
// connections, which keep their prepared statements, and the others are closed after a while.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/fair_lane.h"
#include "stores/sql/driver.h"
#include "stores/sql/mysql/mysql_line.h"
#include "stores/sql/mysql/mysql_runner.h"
#include "stores/sql/mysql/mysql_settings.h"

namespace dossier::stores::sql {

class mysql_pool {
 public:
  mysql_pool(std::string store, mysql_settings options);
  // Waits for the transactions that run.
  ~mysql_pool();
  mysql_pool(const mysql_pool&) = delete;
  mysql_pool& operator=(const mysql_pool&) = delete;

  // May be called from any thread. The job may be refused at once.
  void submit(mysql_job& job);
  // May be called from any thread. Refuses jobs that wait or come later; those that run are not tried again.
  void stop();

 private:
  // Where a thread rests until it is called.
  struct seat {
    std::condition_variable called;
    bool is_called = false;
    bool connected = false;
  };

  void serve(seat& own);
  mysql_job* take(mysql_runner& runner, seat& own);
  void rest(std::unique_lock<std::mutex>& lock, mysql_runner& runner, seat& own);
  bool wait_for_call(std::unique_lock<std::mutex>& lock, seat& own, bool without_limit);
  seat* call_one();
  void run(mysql_job& job, mysql_runner& runner, seat& own);
  void settle(mysql_job& job, const mysql_runner::attempt_end& end, seat& own, bool connected);
  void note_connection(seat& own, bool connected);
  void note_writing(const mysql_runner::attempt_end& end, mysql_transaction::time now);
  void watch();
  void refuse(mysql_job& job, mysql_line::lateness why);
  static void answer(mysql_job& job, base::result<void> outcome);

  mysql_shared_state common_;
  std::mutex mutex_;
  mysql_line line_;
  std::condition_variable watcher_called_;
  bool watcher_rests_ = false;  // until a job comes
  std::deque<seat> seats_;      // one for each thread
  std::vector<seat*> resting_;  // without a connection, then with one; the last is called first
  bool calling_ = false;        // a thread was called and has not come yet
  bool stopping_ = false;
  std::vector<std::jthread> threads_;
  std::jthread watcher_;
};

// Transactions on a MySQL or MariaDB: each waits for one of the pool's connections and runs on its thread.
class mysql_driver final : public driver {
 public:
  // Connects at the first transaction.
  mysql_driver(std::string store, mysql_settings options, base::call_observer observer);
  // All transactions must have ended.
  ~mysql_driver() override;

  // Refuses new transactions and those that wait, and does not try again the ones that run, so that all end
  // soon. May be called from any thread.
  void stop() {
    lane_.stop();
    pool_.stop();
  }
  base::lane_use reads() const { return lane_.use(); }

 private:
  awaitable<result<void>> run_read(const char* operation, work& what) override;
  awaitable<result<void>> run_read_in_turn(const char* operation, work& what, base::caller who) override;
  awaitable<result<void>> run_write(writing how, work& what) override;
  awaitable<result<void>> run(mysql_transaction what, contended_row row);

  base::fair_lane lane_;  // long reads may use a few of the connections
  mysql_pool pool_;
};

}  // namespace dossier::stores::sql
