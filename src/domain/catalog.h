// The metadata catalog: what each object is and who its author is. It repeats what the records say, is
// written by `index` tasks and is read by author. The domain owns this interface; stores/catalog implements
// it.
//
// Errors common to all: unavailable (the effect may have happened), no_space, internal.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/result.h"
#include "domain/belonging.h"
#include "domain/values.h"

namespace dossier::domain {

using base::result;

struct catalog_item {
  object_key key;      // `filename` at the origin (origin_reader.h)
  std::string author;  // the person's name; `Author` at the origin
  person_id person;
  file_id file;
  std::string name;
  std::uint64_t size = 0;  // bytes
  sha256_digest digest = {};
  std::string media_type;
  time_point created_at;
  bool operator==(const catalog_item&) const = default;
};

struct catalog_page {
  std::vector<catalog_item> items;
  std::optional<std::string> next;  // opaque: where the next page starts
};

class catalog : public marked_store {
 public:
  // Writes the item; replaces one with the same key. Idempotent.
  virtual awaitable<result<void>> put(catalog_item item) = 0;
  // Writes all items as put() does, in fewer calls. No two may have the same key. After an error, some may
  // have been written.
  virtual awaitable<result<void>> put_all(std::vector<catalog_item> items) = 0;
  // Succeeds even if there is no such item.
  virtual awaitable<result<void>> erase(object_key key) = 0;
  // The item with this key; empty if there is none. For the doctor.
  virtual awaitable<result<std::optional<catalog_item>>> find(object_key key) = 0;
  // The files of the author with exactly this name, in order of key. `from` is the `next` of the page before,
  // or empty for the first page.
  virtual awaitable<result<catalog_page>> by_author(std::string author, std::string from, int limit) = 0;
  // All items, in any order, page by page as above. For the doctor, never for a request.
  virtual awaitable<result<catalog_page>> scan(std::string from, int limit) = 0;
  // Succeeds when the store answers; for /healthz.
  virtual awaitable<result<void>> check() = 0;
};

}  // namespace dossier::domain
