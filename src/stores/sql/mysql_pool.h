// The threads that talk to a MySQL or MariaDB, each over a connection of its own, and the line of those who
// wait for one. The line has a length and a longest wait: what does not fit is refused, so that a database
// that is slow or away does not gather all that was ever asked.
//
// A thread tries a transaction once. What is to be tried again goes back into the line and waits there, so
// that waiting holds no connection. A part of the threads is kept for reads, and one for writes, so that
// neither stops the other (mysql_line.h says who may go).
//
// Of the threads with nothing to do, the one that was busy last is called first: little work keeps few
// connections, with their statements prepared, and the others are closed after a while.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "stores/sql/mysql_line.h"
#include "stores/sql/mysql_runner.h"

namespace dossier::stores::sql {

class mysql_pool {
 public:
  mysql_pool(std::string store, mysql_settings options);
  // Waits for what runs.
  ~mysql_pool();
  mysql_pool(const mysql_pool&) = delete;
  mysql_pool& operator=(const mysql_pool&) = delete;

  // From any thread; it may be refused at once.
  void submit(mysql_job& job);
  // From any thread: refuses what waits and what comes; what runs is not tried again.
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

  mysql_common common_;
  std::mutex mutex_;
  mysql_line line_;
  std::condition_variable usher_called_;
  bool usher_rests_ = false;    // until somebody comes
  std::deque<seat> seats_;      // one for each thread
  std::vector<seat*> resting_;  // without a connection, then with one; the last is called first
  bool calling_ = false;        // somebody was called and has not come yet
  bool stopping_ = false;
  std::vector<std::jthread> threads_;
  std::jthread usher_;
};

}  // namespace dossier::stores::sql
