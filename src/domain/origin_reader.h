// The origin: the older application that Dossier replaces, as the import reads it. It has people in a table,
// files in a bucket, and the author of each file in a catalog. Nothing is ever written to it. The domain owns
// this interface; stores/origin implements it.
//
// Errors common to all: unavailable, invalid (something there is missing or has the wrong form); the message
// tells the operator what.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/byte_source.h"
#include "base/result.h"
#include "domain/validation.h"

namespace dossier::domain {

using base::result;

// A row of the table. Its values were never checked. A detail is absent if its column is null.
struct origin_person {
  std::string id;
  details_draft details;  // only of the fields that the origin has
};

struct origin_object {
  std::string key;     // "file-id-7"
  std::string source;  // bucket and key, which no other origin shares: "BUCKET/file-id-7"
  std::uint64_t size = 0;
};

struct origin_item {
  std::string filename;               // an object's key
  std::optional<std::string> author;  // a person's name
};

struct origin_items {
  std::vector<origin_item> items;
  std::string next;  // where the next page begins; empty: this was the last one
};

class origin_reader {
 public:
  virtual ~origin_reader() = default;

  virtual awaitable<result<std::int64_t>> count_people() = 0;
  // In order of id, from the one after `after` (empty: from the start). An empty answer: there are no more.
  virtual awaitable<result<std::vector<origin_person>>> people(std::string after, int limit) = 0;
  // In order of key, from the one after `after` (empty: from the start). An empty answer: there are no more.
  virtual awaitable<result<std::vector<origin_object>>> objects(std::string after, int limit) = 0;
  // A page of items, in any order. `from` is the `next` of the page before, or empty for the first page.
  virtual awaitable<result<origin_items>> items(std::string from) = 0;
  // All bytes of the object. not_found: it was deleted after it was listed.
  virtual awaitable<result<std::unique_ptr<base::byte_source>>> open(origin_object which) = 0;
};

}  // namespace dossier::domain
