// The stores of one machine, each ready to use: records and catalog in SQLite, objects in a folder. open.h
// puts together what a process uses.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "base/blocking_pool.h"
#include "base/clock.h"
#include "base/observer.h"
#include "base/result.h"
#include "domain/catalog.h"
#include "domain/object_store.h"
#include "domain/records.h"
#include "stores/embedded.h"
#include "stores/sql/migrations.h"

namespace dossier::stores {

// Each makes what is missing, for this user alone, and migrates. The error says what to do. The clock
// outlives the stores.

template <class Store>
struct migrated_store {
  std::unique_ptr<Store> store;
  int migrated = 0;  // scripts that were run now
  std::function<void()> stop = [] {
  };
  std::function<base::lane_use()> reads = {};
};

base::result<migrated_store<domain::records>> open_sqlite_records(const std::filesystem::path& file,
                                                                  const base::clock& clock,
                                                                  const embedded_options& options,
                                                                  base::call_observer observer);
base::result<migrated_store<domain::catalog>> open_sqlite_catalog(const std::filesystem::path& file,
                                                                  const base::clock& clock,
                                                                  const embedded_options& options,
                                                                  base::call_observer observer);

// A folder that is missing although there are records already is an error: in an empty one in its place every
// file would seem to be gone, and new ones would be kept where nobody looks for them. The pool outlives it.
base::result<std::unique_ptr<domain::object_store>> open_folder_objects(
    const std::filesystem::path& folder, bool records_are_there, base::blocking_pool& disk,
    base::call_observer observer, std::uint64_t reserve = usual_reserve);

// What opening would run, without changing anything. The file may be missing.
base::result<std::vector<sql::migration_status>> sqlite_records_status(const std::filesystem::path& file);
base::result<std::vector<sql::migration_status>> sqlite_catalog_status(const std::filesystem::path& file);

}  // namespace dossier::stores
