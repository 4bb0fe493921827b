// Transactions on an SQLite file. A read runs on the calling thread, on a connection of that thread: a
// look-up takes microseconds, less than handing it to another thread would. A read that would hold an event
// loop for too long is stopped and runs again in the lane; a read that is expected to take long
// (read_in_turn) goes to the lane at once.
//
// The lane (base/fair_lane.h) has a few threads, with a lower priority than the loops. A read in the lane
// first gets a brief turn, which is enough for nearly all reads. If it does not end in that time, it gets a
// lengthy turn. Lengthy turns never have all of the lane's places, so that brief turns do not wait for them.
// Writes go through the writer.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>

#include "base/blocking_pool.h"
#include "base/clock.h"
#include "base/fair_lane.h"
#include "stores/disk_room.h"
#include "stores/sql/driver.h"
#include "stores/sql/sqlite/database_files.h"
#include "stores/sql/sqlite/sqlite_connection.h"
#include "stores/sql/sqlite/sqlite_writer.h"

namespace dossier::stores::sql {

struct sqlite_limits {
  std::chrono::milliseconds inline_read{3};
  std::chrono::milliseconds brief_read{20};    // processor time
  std::chrono::milliseconds slow_read{3'000};  // processor time, too
  int patience = 3;                            // the limit by the clock is slow_read times this
  base::lane_limits lane = {};
  std::chrono::milliseconds wait_for_lock{1'000};  // in the lane; on a loop: inline_read
  int page_cache_kib = 2'048;                      // of each connection
  std::size_t writes_together = 256;               // how many writes may share one sync
  std::uint64_t reserve = 0;                       // bytes of disk, beside the file (disk_room.h)
};

class sqlite_driver final : public driver {
 public:
  // Opens the file, or makes it. `clock` is the database's clock and must outlive this object. Throws
  // `failure`.
  sqlite_driver(std::string store, std::filesystem::path path, const base::clock& clock,
                base::call_observer observer, sqlite_limits limits = {});
  // All transactions must have ended.
  ~sqlite_driver() override;

  // Stops the long reads, both those that wait and those that run, and refuses later ones. Writes are
  // finished. May be called from any thread.
  void stop() { lane_.stop(); }
  // Waits until running reads have ended. Call it after stop().
  void end();
  base::lane_use reads() const { return lane_.use(); }
  result<void> look() override;

 private:
  awaitable<result<void>> run_read(const char* operation, work& what) override;
  awaitable<result<void>> run_read_in_turn(const char* operation, work& what, base::caller who) override;
  awaitable<result<void>> run_write(writing how, work& what) override;

  awaitable<std::optional<result<void>>> run_brief(work& what, const base::caller& who);
  awaitable<result<void>> run_lengthy(const char* operation, work& what, const base::caller& who);
  // Empty when the read went over its budget.
  std::optional<result<void>> read_within(read_budget& budget, work& what);
  std::optional<result<void>> read_here(work& what);
  void perform(read_budget& budget, work& what, std::chrono::milliseconds wait_for_lock);
  sqlite_connection& connection_of_this_thread(std::chrono::milliseconds wait_for_lock);
  result<void> failed(const failure& problem) const;

  const std::filesystem::path path_;
  const base::clock& clock_;
  const sqlite_limits limits_;
  const std::uint64_t number_;  // of this driver in this process; never used twice

  std::mutex mutex_;
  std::unordered_map<std::thread::id, std::unique_ptr<sqlite_connection>> readers_;

  disk_reserve reserve_;
  std::optional<database_files> files_;  // once it is open
  std::unique_ptr<sqlite_writer> writer_;
  base::fair_lane lane_;
  base::blocking_pool brief_reader_;
  base::blocking_pool lengthy_reader_;
};

}  // namespace dossier::stores::sql
