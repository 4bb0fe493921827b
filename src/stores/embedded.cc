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
#include "stores/sql/sql_records.h"
#include "stores/sql/sqlite_driver.h"

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

// SQLite would make it for everybody to read, and makes the files beside it like it. What cannot be made it
// will say.
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
  std::unique_ptr<sql::driver> driver;
  int migrated = 0;
};

result<opened_database> open_database(const char* store, const fs::path& path, const base::clock& clock,
                                      const embedded_options& options, base::call_observer observer,
                                      scripts files) {
  auto migrated = migrate(path, clock, files);
  if (!migrated) return base::pass(migrated);
  try {
    const sql::sqlite_limits limits{.slow_read = options.slow_read, .page_cache_kib = options.page_cache_kib};
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
  try {
    const base::system_clock clock;
    sql::sqlite_connection on(path.string(), clock, {.mode = sql::sqlite_settings::access::look});
    return sql::check_migrations(on, files);
  } catch (const sql::failure& problem) {
    return database_failed(path, problem);
  }
}

// Made before the records are: records without it have lost it, or its disk is not mounted. In an empty
// folder in its place every file would seem to be gone, and new ones would be kept where nobody looks for
// them.
result<std::unique_ptr<object_folder>> open_object_folder(const fs::path& data) {
  const auto root = data / "objects";
  std::error_code problem;
  if (fs::exists(data / "records.db", problem) && !fs::exists(root, problem) && !problem) {
    return base::fail(base::error_code::unavailable,
                      fmt::format("The files' folder {} is missing, and there are records. Mount its disk or "
                                  "restore it from a backup; to go on without the files, make it: mkdir {}",
                                  root.string(), root.string()));
  }
  auto folder = std::make_unique<object_folder>(root);
  if (auto prepared = folder->prepare(); !prepared) return base::pass(prepared);
  return folder;
}

}  // namespace

result<embedded_stores> open_embedded(const fs::path& data, const base::clock& clock,
                                      const embedded_options& options, base::call_observer observer) {
  if (auto made = make_data_folder(data); !made) return base::pass(made);
  auto folder = open_object_folder(data);
  if (!folder) return base::pass(folder);
  auto records = open_database("records", data / "records.db", clock, options, observer,
                               embedded::sqlite_records_migrations());
  if (!records) return base::pass(records);
  auto catalog = open_database("catalog", data / "catalog.db", clock, options, observer,
                               embedded::sqlite_catalog_migrations());
  if (!catalog) return base::pass(catalog);

  embedded_stores stores;
  stores.disk = std::make_unique<base::blocking_pool>(options.disk_threads);
  stores.records = std::make_unique<sql::sql_records>(std::move(records->driver));
  stores.objects = std::make_unique<folder_objects>(std::move(*folder), *stores.disk, std::move(observer));
  stores.catalog = std::make_unique<sqlite_catalog>(std::move(catalog->driver));
  stores.migrated = records->migrated + catalog->migrated;
  return stores;
}

result<embedded_migrations> embedded_migration_status(const fs::path& data) {
  auto records = status_of(data / "records.db", embedded::sqlite_records_migrations());
  if (!records) return base::pass(records);
  auto catalog = status_of(data / "catalog.db", embedded::sqlite_catalog_migrations());
  if (!catalog) return base::pass(catalog);
  return embedded_migrations{std::move(*records), std::move(*catalog)};
}

}  // namespace dossier::stores
