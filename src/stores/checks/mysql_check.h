// Examines the database of the records over its own connection. Only reads.
#pragma once

#include "domain/store_check.h"
#include "stores/sql/mysql/mysql_settings.h"

namespace dossier::stores {

class mysql_check final : public domain::store_check {
 public:
  explicit mysql_check(sql::mysql_settings options) : options_(std::move(options)) {}
  // Blocks.
  awaitable<domain::store_report> look(domain::check_depth how) override;

 private:
  sql::mysql_settings options_;
};

}  // namespace dossier::stores
