#include "contract/backends.h"

#include <stdexcept>

#include "fakes/database_server.h"
#include "fakes/manual_clock.h"
#include "fakes/temporary_folder.h"
#include "stores/embedded.h"
#include "stores/mysql_records.h"
#include "stores/sql/mysql_connection.h"
#include "stores/sql/query.h"

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

// A database of its own on the program's server, whose clock is a row that the test moves.
class mysql_backend final : public backend<domain::records> {
 public:
  mysql_backend() : admin_(database_.settings()) {
    admin_.run_script("CREATE TABLE test_clock (at_ms BIGINT NOT NULL)");
    admin_.run_script("INSERT INTO test_clock VALUES (1767225600000)");
    auto settings = database_.settings();
    settings.now_ms = "(SELECT at_ms FROM test_clock)";
    auto made = stores::make_mysql_records(std::move(settings), {});
    if (!made) throw std::runtime_error(made.error().message);
    records_ = std::move(made->records);
  }
  domain::records& store() override { return *records_; }
  void let_pass(std::chrono::milliseconds time) override {
    stores::sql::execute(admin_, "UPDATE test_clock SET at_ms = at_ms + ?", time);
  }

 private:
  fakes::test_database database_;
  stores::sql::mysql_connection admin_;
  std::unique_ptr<domain::records> records_;
};

}  // namespace

std::vector<backend_factory<domain::records>> records_backends() {
  return {embedded("sqlite", &stores::opened_stores::records), {"mysql", [] {
                                                                    return std::make_unique<mysql_backend>();
                                                                  }}};
}

std::vector<backend_factory<domain::object_store>> objects_backends() {
  return {embedded("folder", &stores::opened_stores::objects), s3_backend(), versioned_s3_backend()};
}

std::vector<backend_factory<domain::catalog>> catalog_backends() {
  return {embedded("sqlite", &stores::opened_stores::catalog), dynamodb_backend()};
}

}  // namespace dossier::contract
