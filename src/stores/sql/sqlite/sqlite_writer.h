// The one thread that writes to an SQLite file, with group commit: all transactions that wait are run one
// after the other inside one SQLite transaction, and share its sync. If one of them fails, only that one is
// undone; if the commit fails, all fail. On a full disk the log is emptied and each is tried by itself; those
// that only settle something (driver.h) may use the reserve.
#pragma once

#include <chrono>
#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "stores/disk_room.h"
#include "stores/sql/driver.h"
#include "stores/sql/sqlite/database_files.h"
#include "stores/sql/sqlite/sqlite_connection.h"

namespace dossier::stores::sql {

// A waiting transaction. It lives in its coroutine's frame, which may be gone once `resume` has been called.
struct write_job {
  std::move_only_function<bool(connection&)>* work = nullptr;
  purpose why = purpose::settle;
  std::move_only_function<void()> resume;
  base::result<void> outcome;
  std::exception_ptr thrown;  // a bug in `work`
};

class sqlite_writer {
 public:
  // The store's name is for the log. At most `together` transactions share one sync. The files and the
  // reserve must outlive this object.
  sqlite_writer(std::unique_ptr<sqlite_connection> on, std::string store, std::size_t together,
                const database_files& files, const disk_reserve& reserve);
  // Finishes the transactions that wait.
  ~sqlite_writer();

  // May be called from any thread.
  void submit(write_job& job);

 private:
  using batch = std::vector<write_job*>;

  void run();
  batch take();
  void run_batch(const batch& jobs);
  void commit_batch(const batch& jobs);
  void commit_with_room(write_job& job);
  bool refuse_when_lost(const batch& jobs);
  void run_alone(write_job& job);
  void run_together(const batch& jobs);
  bool run_part(write_job& job);
  void commit();
  void checkpoint_when_long();
  void clear_log_now_and_then();
  void look_after_reserve();
  void fail(const batch& jobs, const failure& problem);

  std::unique_ptr<sqlite_connection> connection_;
  std::string store_;
  std::size_t together_;
  const database_files& files_;
  const disk_reserve& reserve_;
  std::chrono::steady_clock::time_point reserve_seen_;
  std::chrono::steady_clock::time_point log_cleared_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  batch waiting_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace dossier::stores::sql
