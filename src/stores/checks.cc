#include "stores/checks.h"

#include <utility>

#include "aws/settings.h"
#include "stores/aws_stores.h"
#include "stores/checks/bucket_check.h"
#include "stores/checks/caller_check.h"
#include "stores/checks/disk_check.h"
#include "stores/checks/mysql_check.h"
#include "stores/checks/table_check.h"
#include "stores/mysql_records.h"

namespace dossier::stores {
namespace {

using checks = std::vector<std::unique_ptr<domain::store_check>>;

constexpr std::uint64_t files_room = std::uint64_t{1} << 30;

class failed_check final : public domain::store_check {
 public:
  failed_check(std::string store, std::string why) : store_(std::move(store)), why_(std::move(why)) {}
  awaitable<domain::store_report> look(domain::check_depth) override {
    domain::store_report report{.store = store_};
    report.findings.push_back({domain::severity::error, "configuration", why_,
                               "Mend it; `dossier config check` shows the settings."});
    co_return report;
  }

 private:
  std::string store_;
  std::string why_;
};

void add_records(checks& all, const records_location& where, const store_options& options) {
  if (const auto* file = std::get_if<sqlite_location>(&where)) {
    all.push_back(std::make_unique<sqlite_check>("records", file->file));
    return;
  }
  const auto& mysql = std::get<mysql_location>(where);
  if (mysql.host.empty()) return;  // it is said elsewhere why it is not known
  all.push_back(std::make_unique<mysql_check>(mysql_at(mysql, options.mysql)));
}

void add_bucket(checks& all, const s3_location& where, const store_options& options, aws::access& access,
                base::random_source& random) {
  auto place = place_in_s3(access, where, options.s3);
  if (!place) return all.push_back(make_failed_check("objects", place.error()));
  all.push_back(std::make_unique<bucket_check>(access.calls(), random, std::move(*place)));
  std::error_code problem;
  auto staging = options.s3.staging;
  if (staging.empty()) staging = std::filesystem::temp_directory_path(problem);
  // For temporary files everybody may use it; the parts have no names there.
  all.push_back(std::make_unique<folder_check>(
      staging, folder_check::demands{.store = "staging", .room = options.s3.sizes.disk, .alone = false}));
}

void add_table(checks& all, const dynamodb_location& where, aws::access& access,
               base::random_source& random) {
  auto table = table_in_dynamodb(access, where);
  if (!table) return all.push_back(make_failed_check("catalog", table.error()));
  all.push_back(std::make_unique<table_check>(access.calls(), random, std::move(*table), where.author_index));
}

// What is asked to learn AWS's time.
base::result<aws::request> any_request(aws::access& access, const locations& where,
                                       const store_options& options) {
  if (const auto* bucket = std::get_if<s3_location>(&where.objects)) {
    auto place = place_in_s3(access, *bucket, options.s3);
    if (!place) return base::pass(place);
    return aws::s3::list_objects(place->bucket, place->prefix, {}, 1);
  }
  auto table = table_in_dynamodb(access, std::get<dynamodb_location>(where.catalog));
  if (!table) return base::pass(table);
  return aws::dynamodb::describe_table(*table);
}

}  // namespace

std::unique_ptr<domain::store_check> make_failed_check(std::string store, const base::error& why) {
  return std::make_unique<failed_check>(std::move(store), why.message);
}

checks make_checks(const locations& where, const store_options& options, const surroundings& around,
                   base::random_source& random) {
  checks all;
  add_records(all, where.records, options);
  const auto* folder = std::get_if<folder_location>(&where.objects);
  const auto* file = std::get_if<sqlite_location>(&where.catalog);
  if (folder != nullptr) {
    all.push_back(std::make_unique<folder_check>(
        folder->folder, folder_check::demands{.store = "objects", .room = files_room}));
  }
  if (file != nullptr) all.push_back(std::make_unique<sqlite_check>("catalog", file->file));
  if (folder != nullptr && file != nullptr) return all;

  auto access = around.aws();
  if (!access) {
    all.push_back(make_failed_check("aws", access.error()));
    return all;
  }
  if (auto ask = any_request(**access, where, options)) {
    all.push_back(std::make_unique<caller_check>(**access, around.clock, std::move(*ask)));
  }
  if (folder == nullptr) add_bucket(all, std::get<s3_location>(where.objects), options, **access, random);
  if (file == nullptr) add_table(all, std::get<dynamodb_location>(where.catalog), **access, random);
  return all;
}

}  // namespace dossier::stores
