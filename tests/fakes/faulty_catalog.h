// A catalog that goes wrong as its fault_plan says; all else goes to the real one.
#pragma once

#include <utility>

#include "domain/catalog.h"
#include "fakes/faults.h"

namespace dossier::fakes {

class faulty_catalog final : public domain::catalog {
 public:
  faulty_catalog(domain::catalog& real, fault_plan& plan) : real_(real), plan_(plan) {}

  awaitable<base::result<void>> put(domain::catalog_item item) override {
    return through(plan_, "catalog.put", real_.put(std::move(item)));
  }
  awaitable<base::result<void>> put_all(std::vector<domain::catalog_item> items) override {
    return through(plan_, "catalog.put_all", real_.put_all(std::move(items)));
  }
  awaitable<base::result<void>> erase(domain::object_key key) override {
    return through(plan_, "catalog.erase", real_.erase(std::move(key)));
  }
  awaitable<base::result<std::optional<domain::catalog_item>>> find(domain::object_key key) override {
    return through(plan_, "catalog.find", real_.find(std::move(key)));
  }
  awaitable<base::result<domain::catalog_page>> by_author(std::string author, std::string from,
                                                          int limit) override {
    return through(plan_, "catalog.by_author", real_.by_author(std::move(author), std::move(from), limit));
  }
  awaitable<base::result<domain::catalog_page>> scan(std::string from, int limit) override {
    return through(plan_, "catalog.scan", real_.scan(std::move(from), limit));
  }
  awaitable<base::result<std::optional<domain::records_identity>>> owner() override {
    return through(plan_, "catalog.owner", real_.owner());
  }
  awaitable<base::result<domain::records_identity>> claim(domain::records_identity who) override {
    return through(plan_, "catalog.claim", real_.claim(std::move(who)));
  }
  awaitable<base::result<void>> give(domain::records_identity who) override {
    return through(plan_, "catalog.give", real_.give(std::move(who)));
  }
  awaitable<base::result<void>> check() override { return through(plan_, "catalog.check", real_.check()); }

 private:
  domain::catalog& real_;
  fault_plan& plan_;
};

}  // namespace dossier::fakes
