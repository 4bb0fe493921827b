// The application that Dossier succeeds, as it is read when its data is brought over: people in a table,
// files in a bucket, and who wrote each in a catalog. Only ever read. The domain owns this interface;
// stores/origin implements it.
//
// Errors common to all: unavailable, invalid (something is missing there, or not what it should be); the
// message is for the operator and says which.
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

// A row of the table: nothing in it was ever checked. A detail whose column is null is absent.
struct origin_person {
  std::string id;
  details_draft details;  // of the fields that the origin had
};

struct origin_object {
  std::string key;     // "file-id-7"
  std::string source;  // the key with its bucket, which no other origin has: "BUCKET/file-id-7"
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

class origin {
 public:
  virtual ~origin() = default;

  virtual awaitable<result<std::int64_t>> count_people() = 0;
  // In order of id, after this one (empty: from the start). Empty: there are no more.
  virtual awaitable<result<std::vector<origin_person>>> people(std::string after, int limit) = 0;
  // In order of key, after this one (empty: from the start). Empty: there are no more.
  virtual awaitable<result<std::vector<origin_object>>> objects(std::string after, int limit) = 0;
  // In any order. `from` is a page's `next`, or empty.
  virtual awaitable<result<origin_items>> items(std::string from) = 0;
  // All of its bytes. not_found: it is gone since it was listed.
  virtual awaitable<result<std::unique_ptr<base::byte_source>>> open(origin_object which) = 0;
};

}  // namespace dossier::domain
