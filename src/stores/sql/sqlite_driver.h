// Transactions on an SQLite file. Reads run where they are asked for, on a connection of the calling thread:
// a look-up takes microseconds, less than handing it over would. One that takes longer than a thread of the
// event loop may be held is stopped and runs again on a thread of its own. Writes go through the writer.
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>

#include "base/blocking_pool.h"
#include "base/clock.h"
#include "stores/sql/driver.h"
#include "stores/sql/sqlite_connection.h"
#include "stores/sql/sqlite_writer.h"

namespace dossier::stores::sql {

struct sqlite_limits {
  std::chrono::milliseconds inline_read{40};
  std::chrono::milliseconds slow_read{3'000};
  int slow_reads_waiting = 32;
  int page_cache_kib = 2'048;         // of each connection
  std::size_t writes_together = 256;  // that share one sync
};

class sqlite_driver final : public driver {
 public:
  // Opens the file, or makes it. `clock` is the database's clock. Throws failure.
  sqlite_driver(std::string store, std::filesystem::path path, const base::clock& clock,
                base::call_observer observer, sqlite_limits limits = {});
  // All transactions must have ended.
  ~sqlite_driver() override;

  // Refuses the long questions that wait; the one that runs has a limit. Writes are finished. From any
  // thread.
  void stop() { stopping_ = true; }

 private:
  awaitable<result<void>> run_read(const char* operation, work& what) override;
  awaitable<result<void>> run_write(const char* operation, work& what) override;

  awaitable<result<void>> run_slow_read(work& what);
  // Nothing when it took longer than the limit.
  std::optional<result<void>> read_within(std::chrono::milliseconds limit, work& what);
  sqlite_connection& connection_of_this_thread();
  result<void> failed(const failure& problem) const;

  const std::filesystem::path path_;
  const base::clock& clock_;
  const sqlite_limits limits_;
  const std::uint64_t number_;  // which driver of this process; never used twice

  std::mutex mutex_;
  std::unordered_map<std::thread::id, std::unique_ptr<sqlite_connection>> readers_;

  std::unique_ptr<sqlite_writer> writer_;
  std::atomic<bool> stopping_ = false;
  std::atomic<int> slow_reads_ = 0;
  base::blocking_pool slow_reader_{1};
};

}  // namespace dossier::stores::sql
