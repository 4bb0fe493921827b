#include "contract/backends.h"

#include <stdexcept>

#include "fakes/manual_clock.h"
#include "fakes/mysql_on_test_clock.h"
#include "fakes/temporary_folder.h"
#include "stores/embedded.h"

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

}  // namespace

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
