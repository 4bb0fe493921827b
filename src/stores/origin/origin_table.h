// Reads the origin's table `users`, a page at a time, on its own thread. Sends only SELECTs.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/blocking_pool.h"
#include "base/result.h"
#include "domain/origin.h"
#include "stores/sql/mysql/mysql_connection.h"
#include "stores/sql/mysql/mysql_settings.h"

namespace dossier::stores {

class origin_table {
 public:
  explicit origin_table(sql::mysql_settings where);

  awaitable<base::result<std::int64_t>> count();
  awaitable<base::result<std::vector<domain::origin_person>>> page(std::string after, int limit);

 private:
  template <class Answer, class Work>
  awaitable<base::result<Answer>> ask(Work work);
  base::result<void> connect();
  base::result<void> find_columns();

  const sql::mysql_settings settings_;
  std::unique_ptr<sql::mysql_connection> connection_;  // used on the pool's thread only
  std::string id_column_;
  base::blocking_pool thread_;
};

}  // namespace dossier::stores
