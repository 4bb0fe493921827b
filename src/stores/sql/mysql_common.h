// What the connections of one driver know together: whether the database is reached, which server is the
// primary, whether its password was refused.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

#include "stores/sql/mysql_login.h"
#include "stores/sql/mysql_settings.h"

namespace dossier::stores::sql {

class mysql_common {
 public:
  mysql_common(std::string store_name, mysql_settings settings);

  // Since when nobody reaches the database.
  void reached();
  void not_reached();
  std::chrono::milliseconds away_for() const;  // 0: it is there
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
  mysql_login login;

 private:
  std::mutex mutex_;
  std::atomic<std::int64_t> away_since_ms_ = 0;  // of the steady clock; 0: it is there
  std::atomic<std::int64_t> tidied_at_ms_ = 0;
  std::atomic<int> era_ = 0;  // changed under the mutex
  std::atomic<bool> seeking_primary_ = false;
};

}  // namespace dossier::stores::sql
