// All stores of one machine in one folder: DIR/records.db, DIR/catalog.db and DIR/objects. What needs no
// cloud, as many tests do, includes this and knows nothing of AWS.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "base/async.h"
#include "base/blocking_pool.h"
#include "base/clock.h"
#include "base/fair_lane.h"
#include "base/observer.h"
#include "base/result.h"
#include "domain/catalog.h"
#include "domain/object_store.h"
#include "domain/records.h"
#include "stores/disk_room.h"
#include "stores/locations.h"
#include "stores/sql/migrations.h"
#include "stores/staging_use.h"

namespace dossier::stores {

struct embedded_options {
  unsigned disk_threads = 16;                  // that may wait for the object folder's disk at the same time
  int page_cache_kib = 1'024;                  // of each connection to a database
  std::chrono::milliseconds slow_read{3'000};  // searches that take longer are given up
  base::lane_limits reads = {};                // those that are long
  std::uint64_t reserve = 0;                   // bytes of disk that are kept for clearing up (disk_room.h)
};

// Wherever they are.
struct opened_stores {
  std::unique_ptr<base::blocking_pool> disk;  // first, because the objects need it to the end
  std::unique_ptr<domain::records> records;
  std::unique_ptr<domain::object_store> objects;
  std::unique_ptr<domain::catalog> catalog;
  int migrated = 0;  // scripts that were run now
  // Each makes sure that a store belongs to the records (domain/belonging.h), as the first write would do.
  std::vector<std::function<awaitable<base::result<void>>()>> confirm = {};
  // At the end of serving: whoever still waits for the records is answered, and nothing is tried again.
  std::function<void()> stop = [] {
  };
  std::function<staging_use()> staging = {};   // empty: nothing is staged
  std::function<base::lane_use()> reads = {};  // of the records, those that are long
};

struct schema_status {
  std::vector<sql::migration_status> records;
  std::vector<sql::migration_status> catalog;  // empty: it has no schema
};

locations embedded_in(const std::filesystem::path& data);

// Makes what is missing and migrates. The error says what to do. The clock outlives the stores.
base::result<opened_stores> open_embedded(const std::filesystem::path& data, const base::clock& clock,
                                          const embedded_options& options, base::call_observer observer);

// What open_embedded() would run, without changing anything. The folder may be missing or empty.
base::result<schema_status> embedded_migration_status(const std::filesystem::path& data);

}  // namespace dossier::stores
