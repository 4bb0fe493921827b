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

// What is in the store and is not an object.
struct object_remains {
  std::vector<object_key> unfinished;  // a put of this key was cut off, or is still going on
  std::vector<std::string> strangers;  // names that are not ours, safe to print
};

// Headers that the store sends with the bytes when somebody follows a link to them.
struct link_headers {
  std::string content_type;
  std::string content_disposition;
};

class object_store : public marked_store {
 public:
  // Pulls all of `bytes` into the object. When it returns without error the object is durable and visible as
  // a whole; otherwise no part of it is visible (but after `unavailable` it may be there). An error of the
  // source is returned as it is. Putting a key again replaces it.
  virtual awaitable<result<void>> put(object_key key, base::byte_source& bytes) = 0;

  // `length` bytes from `offset`; the caller knows the size from the file's row. not_found.
  virtual awaitable<result<std::unique_ptr<base::byte_source>>> open(object_key key, std::uint64_t offset,
                                                                     std::uint64_t length) = 0;

  // A URL with which anybody can read the object from the store itself, whole or in part, for a short while;
  // nothing when the store gives no links. Does not look whether the object is there.
  virtual awaitable<result<std::optional<std::string>>> link(object_key key, link_headers shown) = 0;

  // Erases the object, and whatever an unfinished put of this key left. Succeeds also when there is nothing.
  virtual awaitable<result<void>> erase(object_key key) = 0;

  // Its size, or nothing when there is no such object.
  virtual awaitable<result<std::optional<std::uint64_t>>> stat(object_key key) = 0;

  // Objects in order of key, after this one (empty: from the start). For the doctor, never for a request.
  virtual awaitable<result<std::vector<object_entry>>> list(object_key after, int limit) = 0;

  // For the doctor too. At most `limit` of each.
  virtual awaitable<result<object_remains>> remains(int limit) = 0;

  // Succeeds when the store answers; for /healthz.
  virtual awaitable<result<void>> check() = 0;
};

}  // namespace dossier::domain
