// The stores of one machine: records and catalog in SQLite, objects in a folder. They can be opened one by
// one, so that open.h can combine them with stores in a cloud, or all in one folder: DIR/records.db,
// DIR/catalog.db and DIR/objects. Code that needs no cloud, such as many tests, includes this header and no
// header of AWS.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "base/blocking_pool.h"
#include "base/clock.h"
#include "base/fair_lane.h"
#include "base/observer.h"
#include "base/result.h"
#include "stores/disk_room.h"
#include "stores/locations.h"
#include "stores/opened.h"

namespace dossier::stores {

struct embedded_options {
  unsigned disk_threads = 16;                  // how many may wait for the object folder's disk at once
  int page_cache_kib = 1'024;                  // of each connection to a database
  std::chrono::milliseconds slow_read{3'000};  // a search that takes longer is stopped
  base::lane_limits reads = {};                // limits of long reads
  std::uint64_t reserve = 0;                   // bytes of disk kept free for deletions (disk_room.h)
};

// Each function creates missing files and folders, which only this user can read, and migrates the database.
// The error's message says what to do. The clock must outlive the stores.
base::result<opened_store<domain::records>> open_sqlite_records(const std::filesystem::path& file,
                                                                const base::clock& clock,
                                                                const embedded_options& options,
                                                                base::call_observer observer);
base::result<opened_store<domain::catalog>> open_sqlite_catalog(const std::filesystem::path& file,
                                                                const base::clock& clock,
                                                                const embedded_options& options,
                                                                base::call_observer observer);

// A missing folder is an error when there are records already: in a new, empty folder every file would seem
// to be lost, and new files would be stored in the wrong place. The pool must outlive the store.
base::result<opened_store<domain::object_store>> open_folder_objects(const std::filesystem::path& folder,
                                                                     bool records_are_there,
                                                                     base::blocking_pool& disk,
                                                                     base::call_observer observer,
                                                                     std::uint64_t reserve = usual_reserve);

// Every migration, and whether it has been run. Changes nothing. The file may be missing.
base::result<std::vector<sql::migration_status>> sqlite_records_status(const std::filesystem::path& file);
base::result<std::vector<sql::migration_status>> sqlite_catalog_status(const std::filesystem::path& file);

locations embedded_in(const std::filesystem::path& data);

// Creates what is missing and migrates the databases. The error's message says what to do. The clock must
// outlive the stores.
base::result<opened_stores> open_embedded(const std::filesystem::path& data, const base::clock& clock,
                                          const embedded_options& options, base::call_observer observer);

// Every migration, and whether it has been run. Changes nothing. The folder may be missing or empty.
base::result<schema_status> embedded_migration_status(const std::filesystem::path& data);

}  // namespace dossier::stores
