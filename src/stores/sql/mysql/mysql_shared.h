// Logs the connections of one node in to the database, and remembers a password that was refused: servers
// lock an account after too many tries with a wrong one. One thread logs in at a time, and the others share
// its result. A refused password is not tried again until it has changed or a growing pause is over.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <optional>
#include <string>

#include "stores/sql/mysql/mysql_connection.h"
#include "stores/sql/mysql/mysql_settings.h"

namespace dossier::stores::sql {

class mysql_login {
 public:
  using time = std::chrono::steady_clock::time_point;
  struct pauses {
    // Before the same password is tried again; doubled each time.
    std::chrono::milliseconds first_try{30'000};
    std::chrono::milliseconds longest_try{1'800'000};
    // Before it is read again, to see whether it changed; doubled each time.
    std::chrono::milliseconds first_look{1'000};
    std::chrono::milliseconds longest_look{30'000};
  };

  // The settings outlive it.
  explicit mysql_login(const mysql_settings& options) : mysql_login(options, pauses()) {}
  mysql_login(const mysql_settings& options, pauses how_long) : options_(options), pauses_(how_long) {}

  // A session, as connect_mysql() makes one. Throws failure, at once while a refusal is remembered.
  mysql_handle open();

 private:
  struct refusal {
    std::string password;
    mysql_failure why;
    time try_again;
    std::chrono::milliseconds try_pause;
    time look_again;
    std::chrono::milliseconds look_pause;
  };

  mysql_handle ask();
  mysql_handle ask_after_refusal();
  mysql_handle try_with(const std::string& password);
  void remember(std::string password, const mysql_failure& why);

  const mysql_settings& options_;
  const pauses pauses_;
  std::mutex mutex_;
  std::condition_variable asked_;
  bool asking_ = false;
  std::uint64_t rounds_ = 0;        // that ended
  std::exception_ptr failed_;       // how the last one ended; null: well
  std::optional<refusal> refused_;  // used only by the thread that asks
};

// What the connections of one driver know together: whether the database is reached, which server is the
// primary, whether its password was refused.
class mysql_shared_state {
 public:
  mysql_shared_state(std::string store_name, mysql_settings settings);

  // Since when the database is not reached.
  void reached();
  void not_reached();
  std::chrono::milliseconds away_for() const;  // 0: it is there
  // A server that became a replica goes on answering reads, with old data. When one connection meets such a
  // server, the era ends: all connections of the ended era are closed. As long as the primary's name still
  // leads to the replica, new ones go there too; so the era ends once more when a write has found the new
  // primary.
  int era() const { return era_; }
  void met_replica(int era);
  // A connection of this era wrote. Answers the era that it belongs to from now on.
  int wrote(int era);
  // True once a minute, for one of the callers.
  bool is_time_to_tidy();
  // One caller did not finish: it is time for the next one that asks.
  void tidy_again();

  const std::string store;
  const mysql_settings options;
  mysql_login login;

 private:
  std::mutex mutex_;
  std::atomic<std::int64_t> away_since_ms_ = 0;  // of the steady clock; 0: it is there
  std::atomic<std::int64_t> tidied_at_ms_ = 0;
  std::atomic<int> era_ = 0;  // changed under the mutex
  std::atomic<bool> seeking_primary_ = false;
};

}  // namespace dossier::stores::sql
