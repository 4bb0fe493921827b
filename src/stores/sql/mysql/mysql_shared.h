// Logs in to the database for all connections of one node, and remembers a refused password, because servers
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

  // The settings must outlive this object.
  explicit mysql_login(const mysql_settings& options) : mysql_login(options, pauses()) {}
  mysql_login(const mysql_settings& options, pauses how_long) : options_(options), pauses_(how_long) {}

  // Opens a session like connect_mysql(). Throws `failure`, and does so at once while a refused password is
  // remembered.
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
  std::exception_ptr failed_;       // how the last one failed; null: it succeeded
  std::optional<refusal> refused_;  // used only by the thread that asks
};

// What all connections of one driver share: whether the database can be reached, which server is the primary,
// whether the password was refused.
class mysql_shared_state {
 public:
  mysql_shared_state(std::string store_name, mysql_settings settings);

  // Callers report here whether they could reach the database.
  void reached();
  void not_reached();
  std::chrono::milliseconds away_for() const;  // 0: it can be reached
  // A server that became a replica still answers reads, but with old data. When one connection finds such a
  // server, a new era begins, and all connections of earlier eras are closed. As long as the primary's name
  // still leads to the replica, new connections go there too. So another era begins when a write has
  // succeeded on the new primary.
  int era() const { return era_; }
  void met_replica(int era);
  // A connection of this era has written. Answers the era that the connection belongs to from now on.
  int wrote(int era);
  // True once a minute, for one of the callers.
  bool is_time_to_tidy();
  // A caller did not finish tidying, so the next call of is_time_to_tidy() answers true.
  void tidy_again();

  const std::string store;
  const mysql_settings options;
  mysql_login login;

 private:
  std::mutex mutex_;
  std::atomic<std::int64_t> away_since_ms_ = 0;  // of the steady clock; 0: it can be reached
  std::atomic<std::int64_t> tidied_at_ms_ = 0;
  std::atomic<int> era_ = 0;  // changed under the mutex
  std::atomic<bool> seeking_primary_ = false;
};

}  // namespace dossier::stores::sql
