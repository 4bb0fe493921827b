// Transactions on a MySQL or MariaDB: each waits for one of the pool's connections and runs on its thread.
#pragma once

#include <string>

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
  void stop() { pool_.stop(); }

 private:
  awaitable<result<void>> run_read(const char* operation, work& what) override;
  awaitable<result<void>> run_write(const char* operation, work& what, purpose why) override;
  awaitable<result<void>> run(mysql_job& job);

  mysql_pool pool_;
};

}  // namespace dossier::stores::sql
