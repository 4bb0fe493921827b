// Open stores: what each function that opens a store returns, and the three stores together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "base/async.h"
#include "base/blocking_pool.h"
#include "base/fair_lane.h"
#include "base/result.h"
#include "domain/catalog.h"
#include "domain/object_store.h"
#include "domain/records.h"
#include "stores/sql/migrations.h"

namespace dossier::stores {

// The disk space that staged parts of uploads to S3 take; for metrics.
struct staging_use {
  std::uint64_t bytes = 0;  // a part that is filled fast counts with its full size
  std::uint64_t limit = 0;
  std::size_t waiting = 0;  // parts that wait for room
};

// One store. Destroying it closes what it opened; all calls must have ended before.
template <class Store>
struct opened_store {
  std::unique_ptr<Store> store;
  int migrated = 0;  // how many migration scripts were run now
  // Makes running calls end soon, with an error if the store cannot be reached. Later calls are refused. May
  // be called from any thread.
  std::function<void()> stop = [] {
  };
  std::function<base::lane_use()> reads = {};  // use of the lane for long reads; empty: there is none
  std::function<staging_use()> staging = {};   // empty: nothing is staged
};

// The three stores of a process, wherever they are.
struct opened_stores {
  std::unique_ptr<base::blocking_pool> disk;  // first, because the objects need it until they are destroyed
  std::unique_ptr<domain::records> records;
  std::unique_ptr<domain::object_store> objects;
  std::unique_ptr<domain::catalog> catalog;
  int migrated = 0;  // how many migration scripts were run now
  // Each makes sure that a store belongs to the records (domain/belonging.h), as the first write would do.
  std::vector<std::function<awaitable<base::result<void>>()>> confirm = {};
  // Call it at the end of serving: calls that still wait for the records are answered, and no call is tried
  // again.
  std::function<void()> stop = [] {
  };
  std::function<staging_use()> staging = {};   // empty: nothing is staged
  std::function<base::lane_use()> reads = {};  // use of the records' lane for long reads
};

// Every migration, and whether it has been run.
struct schema_status {
  std::vector<sql::migration_status> records;
  std::vector<sql::migration_status> catalog;  // empty: the catalog has no schema
};

}  // namespace dossier::stores
