#include "contract/backends.h"

#include <stdexcept>

#include "fakes/manual_clock.h"
#include "fakes/mysql_on_test_clock.h"
#include "fakes/temporary_folder.h"
#include "stores/embedded.h"
#include "stores/sql/mysql/mysql_pool.h"
#include "stores/sql/sql_records.h"
#include "stores/sql/sqlite/sqlite_driver.h"

namespace dossier::contract {
namespace {

// All three stores of one machine; each suite looks at one of them.
template <class Store>
class embedded_backend final : public backend<Store> {
 public:
  explicit embedded_backend(std::unique_ptr<Store> stores::opened_stores::* which) : which_(which) {
    auto opened = stores::open_embedded(folder_.path() / "data", clock_, {.disk_threads = 4}, {});
    if (!opened) throw std::runtime_error(opened.error().message);
    stores_ = std::move(*opened);
  }
  Store& store() override { return *(stores_.*which_); }
  void let_pass(std::chrono::milliseconds time) override { clock_.advance(time); }

 private:
  fakes::temporary_folder folder_;
  fakes::manual_clock clock_;
  stores::opened_stores stores_;
  std::unique_ptr<Store> stores::opened_stores::* which_;
};

template <class Store>
backend_factory<Store> embedded(std::string name, std::unique_ptr<Store> stores::opened_stores::* which) {
  return {std::move(name), [which] {
            return std::make_unique<embedded_backend<Store>>(which);
          }};
}

class mysql_backend final : public backend<domain::records> {
 public:
  domain::records& store() override { return *records_; }
  void let_pass(std::chrono::milliseconds time) override {
    clock_.advance(time);
    database_.set_time(clock_.now());
  }

 private:
  fakes::manual_clock clock_;
  fakes::mysql_on_test_clock database_{clock_.now()};
  std::unique_ptr<domain::records> records_ = database_.start_node();
};

constexpr stores::sql::search_plan by_index{.looked_at_first = 0, .sorted = 3, .few = 0};

class sqlite_by_index final : public backend<domain::records> {
 public:
  domain::records& store() override { return records_; }
  void let_pass(std::chrono::milliseconds time) override { clock_.advance(time); }

 private:
  static std::filesystem::path migrated(const std::filesystem::path& folder, const base::clock& clock) {
    const auto opened = stores::open_embedded(folder, clock, {.disk_threads = 1}, {});
    if (!opened) throw std::runtime_error(opened.error().message);
    return folder / "records.db";
  }

  fakes::temporary_folder folder_;
  fakes::manual_clock clock_;
  stores::sql::sql_records records_{
      std::make_unique<stores::sql::sqlite_driver>("records", migrated(folder_.path() / "data", clock_),
                                                   clock_, base::call_observer()),
      std::nullopt, by_index};
};

class mysql_by_index final : public backend<domain::records> {
 public:
  domain::records& store() override { return records_; }
  void let_pass(std::chrono::milliseconds time) override {
    clock_.advance(time);
    database_.set_time(clock_.now());
  }

 private:
  std::unique_ptr<stores::sql::driver> open() {
    database_.start_node();  // migrates
    return std::make_unique<stores::sql::mysql_driver>("records", database_.settings(),
                                                       base::call_observer());
  }

  fakes::manual_clock clock_;
  fakes::mysql_on_test_clock database_{clock_.now()};
  stores::sql::sql_records records_{open(), std::nullopt, by_index};
};

}  // namespace

std::vector<backend_factory<domain::records>> search_backends() {
  auto all = records_backends();
  all.push_back({"sqlite_by_index", [] {
                   return std::make_unique<sqlite_by_index>();
                 }});
  all.push_back({"mysql_by_index", [] {
                   return std::make_unique<mysql_by_index>();
                 }});
  return all;
}

std::vector<backend_factory<domain::records>> records_backends() {
  return {embedded("sqlite", &stores::opened_stores::records), {"mysql", [] {
                                                                  return std::make_unique<mysql_backend>();
                                                                }}};
}

std::vector<backend_factory<domain::object_store>> objects_backends() {
  return {embedded("folder", &stores::opened_stores::objects), s3_backend(), versioned_s3_backend(),
          s3_in_memory(false), s3_in_memory(true)};
}

std::vector<backend_factory<domain::catalog>> catalog_backends() {
  return {embedded("sqlite", &stores::opened_stores::catalog), dynamodb_backend(), dynamodb_in_memory()};
}

}  // namespace dossier::contract
