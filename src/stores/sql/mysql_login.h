// Lets the connections of one node into the database, and remembers a password that was refused: servers lock
// the account of who tries a wrong one too often. One asks at a time, the others share what it came to; what
// was refused is not tried again until it has changed or a growing pause is over.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <optional>
#include <string>

#include "stores/sql/mysql_connect.h"
#include "stores/sql/mysql_settings.h"

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
  std::exception_ptr failed_;       // how the last one ended; none: well
  std::optional<refusal> refused_;  // touched by who asks only
};

}  // namespace dossier::stores::sql
