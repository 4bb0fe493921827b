// Transactions on a MySQL or MariaDB: each waits for one of the pool's connections and runs on its thread.
#pragma once

#include <string>

#include "base/fair_lane.h"
#include "stores/sql/driver.h"
#include "stores/sql/mysql_pool.h"
#include "stores/sql/mysql_settings.h"

namespace dossier::stores::sql {

class mysql_driver final : public driver {
 public:
  // Connects when it is first asked.
  mysql_driver(std::string store, mysql_settings options, base::call_observer observer);
  // All transactions must have ended.
  ~mysql_driver() override;

  // Refuses new transactions and those that wait, and does not try again the ones that run, so that all end
  // soon. From any thread.
  void stop() {
    lane_.stop();
    pool_.stop();
  }
  base::lane_use reads() const { return lane_.use(); }

 private:
  awaitable<result<void>> run_read(const char* operation, work& what) override;
  awaitable<result<void>> run_read_in_turn(const char* operation, work& what, base::caller who) override;
  awaitable<result<void>> run_write(writing how, work& what) override;
  awaitable<result<void>> run(mysql_transaction what, contended_row row);

  base::fair_lane lane_;  // what may take long has a few of the connections
  mysql_pool pool_;
};

}  // namespace dossier::stores::sql
