// Runs transactions on the one connection of one thread: connects, checks, tries again what may be, and finds
// out what became of a commit whose answer was lost.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include "base/result.h"
#include "stores/sql/mysql_commit.h"
#include "stores/sql/mysql_connection.h"
#include "stores/sql/mysql_settings.h"

namespace dossier::stores::sql {

// What the runners of a driver know together.
class mysql_common {
 public:
  mysql_common(std::string store_name, mysql_settings settings);

  // Waits; false as soon as, and ever after, stop() was called.
  bool pause(std::chrono::milliseconds time);
  void stop();

  // Since when nobody reaches the database.
  void reached();
  std::chrono::milliseconds not_reached();  // for how long; tells that this one did not
  // A server that became a replica goes on answering reads, with what is no longer so. When one connection
  // meets such a server, its era ends: those made until then are left by all. While the name of the primary
  // leads there still, more are made; the era ends once more when a write has found the new primary.
  int era() const { return era_; }
  void met_replica(int era);
  // The era of the connection that wrote, from now on.
  int wrote(int era);
  // Once a minute, to one of those who ask.
  bool is_time_to_tidy();
  // There was more than one takes away at once: it is time for the next who asks.
  void tidy_again();

  const std::string store;
  const mysql_settings options;

 private:
  std::mutex mutex_;
  std::condition_variable stopped_;
  bool stopping_ = false;
  std::atomic<std::int64_t> away_since_ms_ = 0;  // of the steady clock; 0: it is there
  std::atomic<std::int64_t> tidied_at_ms_ = 0;
  std::atomic<int> era_ = 0;  // changed under the mutex
  std::atomic<bool> seeking_primary_ = false;
};

class mysql_runner {
 public:
  using work = std::move_only_function<bool(connection&)>;
  using time = std::chrono::steady_clock::time_point;

  explicit mysql_runner(mysql_common& common);

  base::result<void> read(const char* operation, work& what);
  base::result<void> write(const char* operation, work& what);

  // Between transactions, when nobody waits for an answer.
  void tidy();
  bool is_connected() const { return connection_ != nullptr; }
  // When there was nothing to do for a while.
  void disconnect() { connection_.reset(); }

 private:
  template <class Attempt>
  base::result<void> repeat(const char* operation, Attempt attempt);
  bool may_try_again(const mysql_failure& problem, int attempt, time give_up);
  bool wait_before(const mysql_failure& problem, int attempt);
  base::result<void> failed(const char* operation, const failure& problem, int attempts) const;

  void read_once(const char* operation, work& what);
  bool read_single(work& what);
  void read_snapshot(work& what);
  void write_once(work& what);
  void commit();
  void settle(const lost_commit& which, const mysql_failure& problem);
  commit_fate find_out(const lost_commit& which);

  mysql_connection& connected();
  bool is_fit();
  void connect();
  void clean_up(mysql_trouble trouble);
  bool reads_a_snapshot(const char* operation) const;
  std::chrono::milliseconds jittered(std::chrono::milliseconds time);

  mysql_common& common_;
  std::unique_ptr<mysql_connection> connection_;
  time used_at_;
  time expires_at_;
  int era_ = 0;  // in which it was made
  bool writing_ = false;
  std::uint64_t lost_session_ = 0;           // which may hold locks still; 0: none
  std::vector<const char*> snapshot_reads_;  // operations of more than one statement
  std::minstd_rand random_;
};

}  // namespace dossier::stores::sql
