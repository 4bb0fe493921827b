// The object store: bytes under random keys. The domain owns this interface; stores/objects implements it.
//
// Errors common to all: unavailable (the effect may have happened), no_space, internal.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/byte_source.h"
#include "base/result.h"
#include "domain/belonging.h"
#include "domain/values.h"

namespace dossier::domain {

using base::result;

struct object_entry {
  object_key key;
  std::uint64_t size = 0;  // bytes
};

// What is in the store besides whole objects.
struct object_remains {
  std::vector<object_key> unfinished;  // a put of this key was cut off, or is still going on
  std::vector<std::string> strangers;  // names that Dossier did not make, safe to print
};

// Headers that the store sends with the bytes when a link to them is followed.
struct link_headers {
  std::string content_type;
  std::string content_disposition;
};

class object_store : public marked_store {
 public:
  // Reads `bytes` to its end into the object. After success the object is durable and visible as a whole;
  // after an error no part of it is visible (but after unavailable the whole object may be). An error of the
  // source is returned unchanged. A second put of the same key replaces the object.
  virtual awaitable<result<void>> put(object_key key, base::byte_source& bytes) = 0;

  // Opens `length` bytes from `offset`, which must lie within the size in the file's row. not_found.
  virtual awaitable<result<std::unique_ptr<base::byte_source>>> open(object_key key, std::uint64_t offset,
                                                                     std::uint64_t length) = 0;

  // A URL with which anybody can read the object from the store itself, whole or in part, for a short time;
  // empty if the store gives no links. Does not check whether the object exists.
  virtual awaitable<result<std::optional<std::string>>> link(object_key key, link_headers shown) = 0;

  // Erases the object, and what an unfinished put of this key left. Succeeds even if there is nothing.
  virtual awaitable<result<void>> erase(object_key key) = 0;

  // The object's size in bytes; empty if there is no such object.
  virtual awaitable<result<std::optional<std::uint64_t>>> stat(object_key key) = 0;

  // Objects in order of key, from the one after `after` (empty: from the start). For the doctor, never for a
  // request.
  virtual awaitable<result<std::vector<object_entry>>> list(object_key after, int limit) = 0;

  // At most `limit` entries in each list. For the doctor.
  virtual awaitable<result<object_remains>> remains(int limit) = 0;

  // Succeeds when the store answers; for /healthz.
  virtual awaitable<result<void>> check() = 0;
};

}  // namespace dossier::domain
