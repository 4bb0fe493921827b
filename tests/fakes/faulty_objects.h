// An object store that goes wrong as its fault_plan says; all else goes to the real one.
#pragma once

#include <utility>

#include "domain/object_store.h"
#include "fakes/faults.h"

namespace dossier::fakes {

class faulty_objects final : public domain::object_store {
 public:
  faulty_objects(domain::object_store& real, fault_plan& plan) : real_(real), plan_(plan) {}

  awaitable<base::result<void>> put(domain::object_key key, base::byte_source& bytes) override {
    return through(plan_, "objects.put", real_.put(std::move(key), bytes));
  }
  awaitable<base::result<std::unique_ptr<base::byte_source>>> open(domain::object_key key,
                                                                   std::uint64_t offset,
                                                                   std::uint64_t length) override {
    return through(plan_, "objects.open", real_.open(std::move(key), offset, length));
  }
  awaitable<base::result<std::optional<std::string>>> link(domain::object_key key,
                                                           domain::link_headers shown) override {
    return through(plan_, "objects.link", real_.link(std::move(key), std::move(shown)));
  }
  awaitable<base::result<void>> erase(domain::object_key key) override {
    return through(plan_, "objects.erase", real_.erase(std::move(key)));
  }
  awaitable<base::result<std::optional<std::uint64_t>>> stat(domain::object_key key) override {
    return through(plan_, "objects.stat", real_.stat(std::move(key)));
  }
  awaitable<base::result<std::vector<domain::object_entry>>> list(domain::object_key after,
                                                                  int limit) override {
    return through(plan_, "objects.list", real_.list(std::move(after), limit));
  }
  awaitable<base::result<domain::object_remains>> remains(int limit) override {
    return through(plan_, "objects.remains", real_.remains(limit));
  }
  awaitable<base::result<std::optional<domain::records_identity>>> owner() override {
    return through(plan_, "objects.owner", real_.owner());
  }
  awaitable<base::result<domain::records_identity>> claim(domain::records_identity who) override {
    return through(plan_, "objects.claim", real_.claim(std::move(who)));
  }
  awaitable<base::result<void>> give(domain::records_identity who) override {
    return through(plan_, "objects.give", real_.give(std::move(who)));
  }
  awaitable<base::result<void>> check() override { return through(plan_, "objects.check", real_.check()); }

 private:
  domain::object_store& real_;
  fault_plan& plan_;
};

}  // namespace dossier::fakes
