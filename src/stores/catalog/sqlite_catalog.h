// The catalog as a table in its own SQLite file, with an index on the author.
#pragma once

#include <memory>

#include "domain/catalog.h"
#include "stores/sql/driver.h"

namespace dossier::stores {

class sqlite_catalog final : public domain::catalog {
 public:
  explicit sqlite_catalog(std::unique_ptr<sql::driver> on);
  ~sqlite_catalog() override;

  awaitable<base::result<void>> put(domain::catalog_item item) override;
  awaitable<base::result<void>> put_all(std::vector<domain::catalog_item> items) override;
  awaitable<base::result<void>> erase(domain::object_key key) override;
  awaitable<base::result<std::optional<domain::catalog_item>>> find(domain::object_key key) override;
  awaitable<base::result<domain::catalog_page>> by_author(std::string author, std::string from,
                                                          int limit) override;
  awaitable<base::result<domain::catalog_page>> scan(std::string from, int limit) override;
  awaitable<base::result<std::optional<domain::records_identity>>> owner() override;
  awaitable<base::result<domain::records_identity>> claim(domain::records_identity who) override;
  awaitable<base::result<void>> give(domain::records_identity who) override;
  awaitable<base::result<void>> check() override;

 private:
  std::unique_ptr<sql::driver> driver_;
};

}  // namespace dossier::stores
