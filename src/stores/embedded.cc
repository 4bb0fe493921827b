#include "stores/embedded.h"

#include <cerrno>
#include <span>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "stores/catalog/sqlite_catalog.h"
#include "stores/objects/descriptor.h"
#include "stores/objects/folder_objects.h"
#include "stores/open.h"
#include "stores/sql/sql_records.h"
#include "stores/sql/sqlite/sqlite_driver.h"

namespace dossier::embedded {

std::span<const base::embedded_file> sqlite_records_migrations();
std::span<const base::embedded_file> sqlite_catalog_migrations();

}  // namespace dossier::embedded

namespace dossier::stores {
namespace {

using base::result;
namespace fs = std::filesystem;
using scripts = std::span<const base::embedded_file>;

std::string reason(int number) {
  return std::generic_category().message(number);
}

fs::path folder_of(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

result<void> make_data_folder(const fs::path& data) {
  std::error_code problem;
  if (!data.parent_path().empty()) fs::create_directories(data.parent_path(), problem);
  if (!problem && ::mkdir(data.c_str(), 0700) != 0 && errno != EEXIST) {
    problem = std::error_code(errno, std::generic_category());
  }
  if (problem) {
    return base::fail(
        base::error_code::unavailable,
        fmt::format("The data folder {} cannot be made: {}. Name another one with --data, or make it "
                    "and let this user write to it.",
                    data.string(), problem.message()));
  }
  if (::access(data.c_str(), R_OK | W_OK | X_OK) != 0) {
    return base::fail(
        base::error_code::unavailable,
        fmt::format("The data folder {} cannot be used: {}. Let this user read and write it, or name "
                    "another one with --data.",
                    data.string(), reason(errno)));
  }
  return {};
}

std::unexpected<base::error> database_failed(const fs::path& path, const sql::failure& problem) {
  auto answer = problem.answer();
  answer.message = fmt::format("The database {} cannot be opened: {}", path.string(), problem.detail());
  return std::unexpected(std::move(answer));
}

// SQLite itself would make a file that everybody can read. It gives the files beside it the same mode. If the
// file cannot be made, SQLite's own error says so.
void make_database_private(const fs::path& path) {
  const descriptor made(::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600));
}

result<int> migrate(const fs::path& path, const base::clock& clock, scripts files) {
  make_database_private(path);
  try {
    sql::sqlite_connection on(path.string(), clock, {.mode = sql::sqlite_settings::access::write});
    return sql::apply_migrations(on, files);
  } catch (const sql::failure& problem) {
    return database_failed(path, problem);
  }
}

struct opened_database {
  std::unique_ptr<sql::sqlite_driver> driver;
  int migrated = 0;
};

result<opened_database> open_database(const char* store, const fs::path& path, const base::clock& clock,
                                      const embedded_options& options, base::call_observer observer,
                                      scripts files) {
  // This comes first, because on a full disk a database cannot even be opened.
  disk_reserve(folder_of(path) / reserve_name, options.reserve).prepare();
  auto migrated = migrate(path, clock, files);
  if (!migrated) return base::pass(migrated);
  try {
    const sql::sqlite_limits limits{.slow_read = options.slow_read,
                                    .lane = options.reads,
                                    .page_cache_kib = options.page_cache_kib,
                                    .reserve = options.reserve};
    return opened_database{
        std::make_unique<sql::sqlite_driver>(store, path, clock, std::move(observer), limits), *migrated};
  } catch (const sql::failure& problem) {
    return database_failed(path, problem);
  }
}

result<std::vector<sql::migration_status>> status_of(const fs::path& path, scripts files) {
  if (!fs::exists(path)) {
    std::vector<sql::migration_status> none;
    for (const auto& file : files)
      none.push_back({static_cast<int>(none.size()) + 1, std::string(file.path), false});
    return none;
  }
  disk_reserve(folder_of(path) / reserve_name, usual_reserve).let_open();
  try {
    const base::system_clock clock;
    sql::sqlite_connection on(path.string(), clock, {.mode = sql::sqlite_settings::access::look});
    return sql::check_migrations(on, files);
  } catch (const sql::failure& problem) {
    return database_failed(path, problem);
  }
}

template <class Interface, class Store>
result<opened_store<Interface>> open_sqlite(const char* name, const fs::path& file, const base::clock& clock,
                                            const embedded_options& options, base::call_observer observer,
                                            scripts files) {
  if (auto made = make_data_folder(folder_of(file)); !made) return base::pass(made);
  auto database = open_database(name, file, clock, options, std::move(observer), files);
  if (!database) return base::pass(database);
  auto& running = *database->driver;
  return opened_store<Interface>{.store = std::make_unique<Store>(std::move(database->driver)),
                                 .migrated = database->migrated,
                                 .stop = [&running] { running.stop(); },
                                 .reads =
                                     [&running] {
                                       return running.reads();
                                     }};
}

}  // namespace

result<opened_store<domain::records>> open_sqlite_records(const fs::path& file, const base::clock& clock,
                                                          const embedded_options& options,
                                                          base::call_observer observer) {
  return open_sqlite<domain::records, sql::sql_records>("records", file, clock, options, std::move(observer),
                                                        embedded::sqlite_records_migrations());
}

result<opened_store<domain::catalog>> open_sqlite_catalog(const fs::path& file, const base::clock& clock,
                                                          const embedded_options& options,
                                                          base::call_observer observer) {
  return open_sqlite<domain::catalog, sqlite_catalog>("catalog", file, clock, options, std::move(observer),
                                                      embedded::sqlite_catalog_migrations());
}

result<opened_store<domain::object_store>> open_folder_objects(const fs::path& folder, bool records_are_there,
                                                               base::blocking_pool& disk,
                                                               base::call_observer observer,
                                                               std::uint64_t reserve) {
  std::error_code problem;
  if (records_are_there && !fs::exists(folder, problem) && !problem) {
    return base::fail(
        base::error_code::unavailable,
        fmt::format("The files' folder {} is missing, and there are records. Mount its disk or "
                    "restore it from a backup; to go on without the files, make it (mkdir {}) and run "
                    "`dossier adopt`",
                    folder.string(), folder.string()));
  }
  if (auto made = make_data_folder(folder_of(folder)); !made) return base::pass(made);
  auto root = std::make_unique<object_folder>(folder, reserve);
  if (auto prepared = root->prepare(); !prepared) return base::pass(prepared);
  return opened_store<domain::object_store>{
      .store = std::make_unique<folder_objects>(std::move(root), disk, std::move(observer))};
}

result<std::vector<sql::migration_status>> sqlite_records_status(const fs::path& file) {
  return status_of(file, embedded::sqlite_records_migrations());
}

result<std::vector<sql::migration_status>> sqlite_catalog_status(const fs::path& file) {
  return status_of(file, embedded::sqlite_catalog_migrations());
}

locations embedded_in(const fs::path& data) {
  return {sqlite_location{data / "records.db"}, folder_location{data / "objects"},
          sqlite_location{data / "catalog.db"}};
}

result<opened_stores> open_embedded(const fs::path& data, const base::clock& clock,
                                    const embedded_options& options, base::call_observer observer) {
  store_options all;
  all.embedded = options;
  return open_stores(embedded_in(data), all, {.clock = clock, .observer = std::move(observer)});
}

result<schema_status> embedded_migration_status(const fs::path& data) {
  return migration_status(embedded_in(data), {});
}

}  // namespace dossier::stores
