// The threads that talk to a MySQL or MariaDB, each over a connection of its own, and the line of those who
// wait for one. The line has a length and a longest wait: what does not fit is refused, so that a database
// that is slow or away does not gather all that was ever asked.
//
// Of the threads with nothing to do, the one that was busy last is called first: little work keeps few
// connections, with their statements prepared, and the others are closed after a while.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "stores/sql/mysql_runner.h"

namespace dossier::stores::sql {

// A waiting transaction. It lives in its coroutine's frame, which may be gone once `resume` was called.
struct mysql_job {
  std::move_only_function<base::result<void>(mysql_runner&)> run;
  std::move_only_function<void()> resume;
  base::result<void> outcome;
  std::exception_ptr thrown;  // a bug in the transaction
  std::chrono::steady_clock::time_point refuse_at;
};

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
  };

  void serve(seat& own);
  mysql_job* take(mysql_runner& runner, seat& own);
  void rest(std::unique_lock<std::mutex>& lock, mysql_runner& runner, seat& own);
  bool wait_for_call(std::unique_lock<std::mutex>& lock, seat& own, bool without_limit);
  seat* call_one();
  void refuse_the_late();
  static void run(mysql_job& job, mysql_runner& runner);
  static void refuse(mysql_job& job, const char* why);

  mysql_common common_;
  std::mutex mutex_;
  std::condition_variable usher_called_;
  bool usher_rests_ = false;  // until somebody comes
  std::deque<mysql_job*> waiting_;
  std::deque<seat> seats_;      // one for each thread
  std::vector<seat*> resting_;  // without a connection, then with one; the last is called first
  bool calling_ = false;        // somebody was called and has not come yet
  bool stopping_ = false;
  std::vector<std::jthread> threads_;
  std::jthread usher_;
};

}  // namespace dossier::stores::sql
