// Transactions on an SQLite file. Reads run where they are asked for, on a connection of the calling thread:
// a look-up takes microseconds, less than handing it over would. One that takes longer than a loop may be
// held is stopped and runs again elsewhere; one that may be long by its nature (read_in_turn) goes there at
// once.
//
// Elsewhere is a lane (base/fair_lane.h) of few threads, behind the loops in priority. There a read has a
// brief turn first, which is enough for nearly all; who does not end in it has a lengthy one, for which some
// of the threads are kept out: so brief ones never wait for long ones. Writes go through the writer.
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
#include "stores/sql/database_files.h"
#include "stores/sql/driver.h"
#include "stores/sql/sqlite_connection.h"
#include "stores/sql/sqlite_writer.h"

namespace dossier::stores::sql {

struct sqlite_limits {
  std::chrono::milliseconds inline_read{3};
  std::chrono::milliseconds brief_read{20};    // of a processor's time
  std::chrono::milliseconds slow_read{3'000};  // the same
  int patience = 3;                            // by the clock, so many times slow_read
  base::lane_limits lane = {};
  std::chrono::milliseconds wait_for_lock{1'000};  // elsewhere; a loop waits for none
  int page_cache_kib = 2'048;                      // of each connection
  std::size_t writes_together = 256;               // that share one sync
  std::uint64_t reserve = 0;                       // of the disk, beside the file
};

class sqlite_driver final : public driver {
 public:
  // Opens the file, or makes it. `clock` is the database's clock. Throws failure.
  sqlite_driver(std::string store, std::filesystem::path path, const base::clock& clock,
                base::call_observer observer, sqlite_limits limits = {});
  // All transactions must have ended.
  ~sqlite_driver() override;

  // Gives up the long reads, those that wait and those that run; later ones are refused. Writes are finished.
  // From any thread.
  void stop() { lane_.stop(); }
  // Waits for what runs. After stop().
  void end();
  base::lane_use reads() const { return lane_.use(); }
  result<void> look() override;

 private:
  awaitable<result<void>> run_read(const char* operation, work& what) override;
  awaitable<result<void>> run_read_in_turn(const char* operation, work& what, base::caller who) override;
  awaitable<result<void>> run_write(writing how, work& what) override;

  awaitable<std::optional<result<void>>> run_brief(work& what, const base::caller& who);
  awaitable<result<void>> run_lengthy(const char* operation, work& what, const base::caller& who);
  // Nothing when it was over its budget.
  std::optional<result<void>> read_within(read_budget& budget, work& what);
  std::optional<result<void>> read_here(work& what);
  void perform(read_budget& budget, work& what, std::chrono::milliseconds wait_for_lock);
  sqlite_connection& connection_of_this_thread(std::chrono::milliseconds wait_for_lock);
  result<void> failed(const failure& problem) const;

  const std::filesystem::path path_;
  const base::clock& clock_;
  const sqlite_limits limits_;
  const std::uint64_t number_;  // which driver of this process; never used twice

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
