// The catalog in a table of DynamoDB. The origin (the application that Dossier replaces) can read it too. An
// author's files are read from a global secondary index (hash Author, range filename, all attributes). The
// index shows a change a moment later than the table does.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "aws/client.h"
#include "aws/services/dynamodb.h"
#include "base/observer.h"
#include "domain/catalog.h"
#include "stores/observed_calls.h"

namespace dossier::stores {

// A catalog item as an item of DynamoDB. The origin uses filename and Author too; only Dossier uses the
// others:
//
//   filename   S  the object's key        Size       N  bytes
//   Author     S  the person's name       Sha256     S  64 lower-case hexadecimal digits
//   PersonId   N                          MediaType  S
//   FileId     N                          CreatedAt  N  milliseconds since 1970, UTC
//   Name       S  the file's own name
//
// An item without FileId does not describe a file of Dossier: it is the mark below, or an item of the origin
// or of another program.
inline constexpr std::string_view filename_attribute = "filename";
inline constexpr std::string_view author_attribute = "Author";

// An empty author is left out: the key of an index cannot be empty.
aws::dynamodb::item to_dynamodb(const domain::catalog_item& what);

// Empty when the item does not describe a file of Dossier. An attribute that is missing or has another type
// is read as empty. The doctor then sees that the item differs from the record, and can write it again.
std::optional<domain::catalog_item> from_dynamodb(const aws::dynamodb::item& what);

// The item that says which records the catalog belongs to. It has neither Author nor FileId, so that no query
// by author finds it and no scan mistakes it for a file's item.
inline constexpr std::string_view mark_key = "dossier-records";
inline constexpr std::string_view mark_attribute = "Records";
aws::dynamodb::item mark_of(const domain::records_identity& who);

aws::dynamodb::item key_of(const domain::object_key& key);

class dynamodb_catalog final : public domain::catalog {
 public:
  // The client must outlive this object.
  dynamodb_catalog(aws::client& via, aws::dynamodb::table table, std::string author_index,
                   base::call_observer observer);

  awaitable<base::result<void>> put(domain::catalog_item item) override;
  awaitable<base::result<void>> put_all(std::vector<domain::catalog_item> items) override;
  awaitable<base::result<void>> erase(domain::object_key key) override;
  awaitable<base::result<std::optional<domain::catalog_item>>> find(domain::object_key key) override;
  // invalid: `from` is not the `next` of a page. Items that do not describe files of Dossier are left out,
  // here and in scan().
  awaitable<base::result<domain::catalog_page>> by_author(std::string author, std::string from,
                                                          int limit) override;
  awaitable<base::result<domain::catalog_page>> scan(std::string from, int limit) override;
  awaitable<base::result<std::optional<domain::records_identity>>> owner() override;
  awaitable<base::result<domain::records_identity>> claim(domain::records_identity who) override;
  awaitable<base::result<void>> give(domain::records_identity who) override;
  awaitable<base::result<void>> check() override;

 private:
  // Makes the request for the next `limit` items after `start`.
  using page_request = std::function<aws::request(const aws::dynamodb::item& start, int limit)>;

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
  observed_calls calls_;
};

}  // namespace dossier::stores
