#include "stores/checks/checks.h"

#include <utility>

#include "aws/settings.h"
#include "base/expects.h"
#include "stores/aws_stores.h"
#include "stores/checks/aws_checks.h"
#include "stores/checks/bucket_check.h"
#include "stores/checks/disk_check.h"
#include "stores/checks/mysql_check.h"
#include "stores/checks/table_check.h"
#include "stores/sql/mysql/mysql_records.h"

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
  if (mysql.host.empty()) return;  // the caller has reported why it is not known
  all.push_back(std::make_unique<mysql_check>(mysql_at(mysql, options.mysql)));
}

void add_bucket(checks& all, const s3_location& where, const store_options& options, aws::session& session,
                base::random_source& random) {
  auto place = place_in_s3(session, where, options.s3);
  if (!place) return all.push_back(make_failed_check("objects", place.error()));
  all.push_back(std::make_unique<bucket_check>(session.calls(), random, std::move(*place)));
  std::error_code problem;
  auto staging = options.s3.staging;
  if (staging.empty()) staging = std::filesystem::temp_directory_path(problem);
  // A folder for temporary files may be open to everybody, because the parts have no names in it.
  all.push_back(std::make_unique<folder_check>(
      staging, folder_check::demands{.store = "staging", .room = options.s3.sizes.disk, .alone = false}));
}

void add_table(checks& all, const dynamodb_location& where, aws::session& session,
               base::random_source& random) {
  auto table = table_in_dynamodb(session, where);
  if (!table) return all.push_back(make_failed_check("catalog", table.error()));
  all.push_back(
      std::make_unique<table_check>(session.calls(), random, std::move(*table), where.author_index));
}

// Any request: its answer tells AWS's time.
base::result<aws::request> any_request(aws::session& session, const locations& where,
                                       const store_options& options) {
  if (const auto* bucket = std::get_if<s3_location>(&where.objects)) {
    auto place = place_in_s3(session, *bucket, options.s3);
    if (!place) return base::pass(place);
    return aws::s3::list_objects(place->bucket, place->prefix, {}, 1);
  }
  auto table = table_in_dynamodb(session, std::get<dynamodb_location>(where.catalog));
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

  base::expects(around.aws != nullptr, "a store in AWS comes with a session");
  auto session = around.aws();
  if (!session) {
    all.push_back(make_failed_check("aws", session.error()));
    return all;
  }
  if (auto ask = any_request(**session, where, options)) {
    all.push_back(std::make_unique<caller_check>(**session, around.clock, std::move(*ask)));
  }
  if (folder == nullptr) add_bucket(all, std::get<s3_location>(where.objects), options, **session, random);
  if (file == nullptr) add_table(all, std::get<dynamodb_location>(where.catalog), **session, random);
  return all;
}

}  // namespace dossier::stores
