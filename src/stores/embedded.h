// The stores of one machine, ready to use: DIR/records.db and DIR/catalog.db (SQLite) and DIR/objects (a
// folder of files). The composition root calls this and knows no other file of stores/.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "base/blocking_pool.h"
#include "base/clock.h"
#include "base/observer.h"
#include "base/result.h"
#include "domain/catalog.h"
#include "domain/object_store.h"
#include "domain/records.h"
#include "stores/sql/migrations.h"

namespace dossier::stores {

struct embedded_options {
  unsigned disk_threads = 16;                  // that may wait for the object folder's disk at the same time
  int page_cache_kib = 1'024;                  // of each connection to a database
  std::chrono::milliseconds slow_read{3'000};  // searches that take longer are given up
};

struct embedded_stores {
  std::unique_ptr<base::blocking_pool> disk;  // first, because the objects need it to the end
  std::unique_ptr<domain::records> records;
  std::unique_ptr<domain::object_store> objects;
  std::unique_ptr<domain::catalog> catalog;
  int migrated = 0;  // scripts that were run now
};

// Makes what is missing and migrates. The error says what to do. The clock outlives the stores.
base::result<embedded_stores> open_embedded(const std::filesystem::path& data, const base::clock& clock,
                                            const embedded_options& options, base::call_observer observer);

struct embedded_migrations {
  std::vector<sql::migration_status> records;
  std::vector<sql::migration_status> catalog;
};

// What open_embedded() would run, without changing anything. The folder may be missing or empty.
base::result<embedded_migrations> embedded_migration_status(const std::filesystem::path& data);

}  // namespace dossier::stores
