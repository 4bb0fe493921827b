// The catalog in a table of DynamoDB that the origin can read too; see dynamodb_item.h. An author's files
// come from a global secondary index (hash Author, range filename, all attributes), which lags a moment
// behind.
#pragma once

#include <functional>
#include <string>

#include "aws/client.h"
#include "aws/dynamodb.h"
#include "base/observer.h"
#include "domain/catalog.h"

namespace dossier::stores {

class dynamodb_catalog final : public domain::catalog {
 public:
  // The client outlives this.
  dynamodb_catalog(aws::client& via, aws::dynamodb::table table, std::string author_index,
                   base::call_observer observer);

  awaitable<base::result<void>> put(domain::catalog_item item) override;
  awaitable<base::result<void>> put_all(std::vector<domain::catalog_item> items) override;
  awaitable<base::result<void>> erase(domain::object_key key) override;
  awaitable<base::result<std::optional<domain::catalog_item>>> find(domain::object_key key) override;
  // A `from` that is no page's `next`: invalid. Items that are not ours are left out, here and in scan().
  awaitable<base::result<domain::catalog_page>> by_author(std::string author, std::string from,
                                                          int limit) override;
  awaitable<base::result<domain::catalog_page>> scan(std::string from, int limit) override;
  awaitable<base::result<std::optional<domain::records_identity>>> owner() override;
  awaitable<base::result<domain::records_identity>> claim(domain::records_identity who) override;
  awaitable<base::result<void>> give(domain::records_identity who) override;
  awaitable<base::result<void>> check() override;

 private:
  // The request for so many items from there on.
  using page_request = std::function<aws::request(const aws::dynamodb::item& start, int limit)>;

  template <class Answer>
  awaitable<base::result<Answer>> observed(const char* operation, awaitable<base::result<Answer>> work);
  awaitable<base::result<void>> send(aws::request what);
  awaitable<base::result<void>> write_all(std::vector<domain::catalog_item> items);
  awaitable<base::result<void>> write_batch(aws::dynamodb::batch what);
  awaitable<base::result<std::optional<domain::catalog_item>>> get(domain::object_key key);
  awaitable<base::result<domain::catalog_page>> author_page(std::string author, std::string from, int limit);
  awaitable<base::result<domain::catalog_page>> any_page(std::string from, int limit);
  awaitable<base::result<domain::catalog_page>> read_page(page_request ask, aws::dynamodb::item start,
                                                          int limit);
  awaitable<base::result<std::optional<domain::records_identity>>> read_mark();
  awaitable<base::result<domain::records_identity>> claim_mark(domain::records_identity who);
  awaitable<base::result<void>> ask_table();

  aws::client& client_;
  aws::dynamodb::table table_;
  std::string author_index_;
  base::call_observer observer_;
};

}  // namespace dossier::stores
