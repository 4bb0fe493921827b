// Tries transactions on the one connection of one thread: connects, checks the connection, decides what may
// be tried again, and finds out what happened to a commit whose answer was lost. It never pauses between
// attempts: the transaction waits in the pool's line instead, where it holds no connection.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "base/result.h"
#include "stores/sql/mysql/mysql_commit.h"
#include "stores/sql/mysql/mysql_connection.h"
#include "stores/sql/mysql/mysql_shared.h"

namespace dossier::stores::sql {

// A transaction to be done, and what has happened to it so far.
struct mysql_transaction {
  using work = std::move_only_function<bool(connection&)>;
  using time = std::chrono::steady_clock::time_point;

  const char* operation = "";
  bool writes = false;
  work* what = nullptr;

  int attempts = 0;
  time give_up = {};                          // no attempt begins later; set by the first one
  std::optional<lost_commit> undecided = {};  // its COMMIT was sent, and no answer came
  int looks = 0;                              // tries to find out what happened to it
  base::error problem = {};                   // of the last attempt, safe to show
  std::string detail = {};                    // the same for the log
};

class mysql_runner {
 public:
  using work = mysql_transaction::work;
  using time = mysql_transaction::time;

  enum class outcome {
    done,
    failed,  // for good
    again,   // after a pause
  };
  struct attempt_end {
    outcome how = outcome::done;
    std::chrono::milliseconds pause{0};
    bool wrote = false;          // the database accepted a write
    bool read_only = false;      // the database refused: it is read only
    bool not_connected = false;  // there was no connection to try it on
  };

  explicit mysql_runner(mysql_shared_state& common);

  attempt_end attempt(mysql_transaction& one);

  // Deletes old commit tokens from time to time. Call it between transactions, when nobody waits for an
  // answer.
  void tidy();
  bool is_connected() const { return connection_ != nullptr; }
  // Call it when there was nothing to do for a while.
  void disconnect() { connection_.reset(); }

 private:
  void run(mysql_transaction& one);
  attempt_end failed(mysql_transaction& one, const mysql_failure& problem);
  attempt_end failed(mysql_transaction& one, const failure& problem);
  attempt_end undecided(mysql_transaction& one);
  bool may_try_again(const mysql_transaction& one, mysql_trouble trouble) const;
  std::chrono::milliseconds pause_after(mysql_trouble trouble, int attempt);

  void read(mysql_transaction& one);
  bool read_single(work& what);
  void read_snapshot(work& what);
  void write(mysql_transaction& one);
  void commit(mysql_transaction& one);
  // Whether it was committed.
  bool look(mysql_transaction& one);

  mysql_connection& connected();
  bool is_fit();
  void connect();
  void clean_up(mysql_trouble trouble);
  bool reads_a_snapshot(const char* operation) const;
  std::chrono::milliseconds jittered(std::chrono::milliseconds time);

  mysql_shared_state& common_;
  std::unique_ptr<mysql_connection> connection_;
  time used_at_;
  time expires_at_;
  int era_ = 0;  // in which the connection was made
  bool connecting_ = false;
  bool writing_ = false;
  bool wrote_ = false;
  std::uint64_t lost_session_ = 0;           // which may still hold locks; 0: none
  std::vector<const char*> snapshot_reads_;  // reads of more than one statement
  std::minstd_rand random_;
};

// The answer when the transaction is not tried again. Logs the failure.
base::error given_up(const mysql_shared_state& common, const mysql_transaction& one);

}  // namespace dossier::stores::sql
