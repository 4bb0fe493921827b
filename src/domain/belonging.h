// Which records the objects and the catalog belong to. Every records store has an identity of its own; the
// objects and the catalog carry the identity of their records as a mark. Beside other records, every file
// would be one that no row names, and a clean-up would erase them all.
//
// A store without a mark (new, or from before there were marks) is marked at the first start, when it holds
// something that these records name, or is empty and they have no files yet (an empty catalog in any case).
// A mark that differs is an error until somebody runs `dossier adopt`.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/async.h"
#include "base/result.h"

namespace dossier::domain {

using base::result;

class records;
class object_store;
class catalog;

// 32 lower-case hexadecimal digits; given once, when the records are made.
struct records_identity {
  std::string value;
  bool operator==(const records_identity&) const = default;
};

// A store with a mark, which says what records it belongs to. Errors: unavailable, no_space, internal.
class marked_store {
 public:
  virtual ~marked_store() = default;
  // Its mark; nothing when it has none.
  virtual awaitable<result<std::optional<records_identity>>> owner() = 0;
  // Marks it, unless it has a mark already; answers the mark that it has now. Durable. Two nodes that claim
  // it at the same time get the same answer.
  virtual awaitable<result<records_identity>> claim(records_identity who) = 0;
  // Marks it, even when it has another mark. Durable.
  virtual awaitable<result<void>> give(records_identity who) = 0;
};

bool is_identity(std::string_view text);

// adopt: a store without a mark gets one where that is safe. look: nothing is written.
enum class unmarked { adopt, look };

// conflict: the store belongs to other records, or has no mark and holds nothing that these records name; the
// message is for the operator and says what to do. Other errors: this could not be found out.
awaitable<result<void>> check_objects(records& people, object_store& objects, unmarked how);
awaitable<result<void>> check_catalog(records& people, catalog& items, unmarked how);
awaitable<result<void>> check_stores(records& people, object_store& objects, catalog& items, unmarked how);

// Marks both as belonging to these records, whatever marks they had.
awaitable<result<void>> adopt_stores(records& people, object_store& objects, catalog& items);

}  // namespace dossier::domain
