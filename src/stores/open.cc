#include "stores/open.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "base/expects.h"
#include "domain/guarded_stores.h"
#include "stores/sql/mysql/mysql_records.h"

namespace dossier::stores {
namespace {

using base::result;
namespace fs = std::filesystem;

embedded_options with_reads(const store_options& options) {
  auto embedded = options.embedded;
  embedded.reads = options.reads;
  auto& places = embedded.reads.places;
  if (places == 0) places = std::clamp(std::thread::hardware_concurrency(), 2U, 4U);
  // One place is kept for brief turns.
  places = std::max(places, 2U);
  embedded.reads.lengthy = places - 1;
  return embedded;
}

sql::mysql_settings with_reads(sql::mysql_settings settings, const store_options& options) {
  settings.long_reads = options.reads;
  auto& places = settings.long_reads.places;
  if (places == 0) places = std::max(settings.connections / 4, 1U);
  settings.long_reads.lengthy = places;
  return settings;
}

result<opened_store<domain::records>> open_records(const records_location& where,
                                                   const store_options& options, const surroundings& around) {
  if (const auto* file = std::get_if<sqlite_location>(&where)) {
    return open_sqlite_records(file->file, around.clock, with_reads(options), around.observer);
  }
  return open_mysql_records(with_reads(mysql_at(std::get<mysql_location>(where), options.mysql), options),
                            around.observer);
}

result<opened_store<domain::object_store>> open_objects(const objects_location& where, bool records_are_there,
                                                        base::blocking_pool& disk,
                                                        const store_options& options,
                                                        const surroundings& around) {
  if (const auto* folder = std::get_if<folder_location>(&where)) {
    return open_folder_objects(folder->folder, records_are_there, disk, around.observer,
                               options.embedded.reserve);
  }
  base::expects(around.aws != nullptr, "a store in AWS comes with a session");
  auto aws = around.aws();
  if (!aws) return base::pass(aws);
  return open_s3_objects(**aws, std::get<s3_location>(where), options.s3, disk, around.observer);
}

result<opened_store<domain::catalog>> open_catalog(const catalog_location& where,
                                                   const store_options& options, const surroundings& around) {
  if (const auto* file = std::get_if<sqlite_location>(&where)) {
    return open_sqlite_catalog(file->file, around.clock, with_reads(options), around.observer);
  }
  base::expects(around.aws != nullptr, "a store in AWS comes with a session");
  auto aws = around.aws();
  if (!aws) return base::pass(aws);
  return open_dynamodb_catalog(**aws, std::get<dynamodb_location>(where), around.observer);
}

result<std::vector<sql::migration_status>> records_status(const records_location& where,
                                                          const store_options& options) {
  if (const auto* file = std::get_if<sqlite_location>(&where)) return sqlite_records_status(file->file);
  return mysql_migration_status(mysql_at(std::get<mysql_location>(where), options.mysql));
}

// Whether there are records already, so that a missing folder of files is an error. This must be called
// before the records are opened, because opening creates them.
result<bool> needs_its_folder(const locations& where, const store_options& options) {
  if (!std::holds_alternative<folder_location>(where.objects)) return false;
  auto status = records_status(where.records, options);
  if (!status) return base::pass(status);
  return !status->empty() && status->front().applied;
}

}  // namespace

result<opened_stores> open_stores(const locations& where, const store_options& options,
                                  const surroundings& around) {
  auto records_are_there = needs_its_folder(where, options);
  if (!records_are_there) return base::pass(records_are_there);

  opened_stores stores;
  stores.disk = std::make_unique<base::blocking_pool>(options.embedded.disk_threads);
  auto files = open_objects(where.objects, *records_are_there, *stores.disk, options, around);
  if (!files) return base::pass(files);
  auto records = open_records(where.records, options, around);
  if (!records) return base::pass(records);
  auto catalog = open_catalog(where.catalog, options, around);
  if (!catalog) return base::pass(catalog);

  base::expects(records->store && files->store && catalog->store, "all three stores are open");
  stores.records = std::move(records->store);
  auto objects = domain::guard_objects(std::move(files->store), *stores.records);
  stores.objects = std::move(objects.store);
  auto items = domain::guard_catalog(std::move(catalog->store), *stores.records);
  stores.catalog = std::move(items.store);
  stores.confirm = {std::move(objects.confirm), std::move(items.confirm)};
  stores.stop = [of_records = std::move(records->stop), of_catalog = std::move(catalog->stop)] {
    of_records();
    of_catalog();
  };
  stores.reads = std::move(records->reads);
  stores.staging = std::move(files->staging);
  stores.migrated = records->migrated + catalog->migrated;
  return stores;
}

result<schema_status> migration_status(const locations& where, const store_options& options) {
  schema_status status;
  auto records = records_status(where.records, options);
  if (!records) return base::pass(records);
  status.records = std::move(*records);
  if (const auto* file = std::get_if<sqlite_location>(&where.catalog)) {
    auto catalog = sqlite_catalog_status(file->file);
    if (!catalog) return base::pass(catalog);
    status.catalog = std::move(*catalog);
  }
  return status;
}

}  // namespace dossier::stores
