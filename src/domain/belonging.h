// Which records the objects and the catalog belong to. Every records store has an identity of its own; the
// objects and the catalog carry the identity of their records as a mark. Next to the wrong records, no row
// would name any of the files, and a clean-up would erase them all.
//
// A store without a mark (it is new, or older than the marks) gets one at the first start if it holds
// something that these records name, or if it is empty and the records have no files yet. An empty catalog
// always gets one. The mark of other records is an error until somebody runs `dossier adopt`.
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

// 32 lower-case hexadecimal digits, generated once, when the records store is created.
struct records_identity {
  std::string value;
  bool operator==(const records_identity&) const = default;
};

// A store that can carry a mark: the identity of the records that it belongs to. Errors: unavailable,
// no_space, internal.
class marked_store {
 public:
  virtual ~marked_store() = default;
  // The mark; empty if the store has none.
  virtual awaitable<result<std::optional<records_identity>>> owner() = 0;
  // Sets the mark, unless the store has one already. Returns the mark that it has now. Durable. Two nodes
  // that claim it at the same time get the same answer.
  virtual awaitable<result<records_identity>> claim(records_identity who) = 0;
  // Sets the mark, even if the store has another one. Durable.
  virtual awaitable<result<void>> give(records_identity who) = 0;
};

bool is_identity(std::string_view text);

// What to do with a store without a mark. adopt: mark it if that is safe. look: write nothing.
enum class unmarked { adopt, look };

// Checks that the store belongs to these records. conflict: it belongs to other records, or it has no mark
// and holds nothing that these records name; the message tells the operator what to do. Any other error: the
// check could not be made.
awaitable<result<void>> check_objects(records& people, object_store& objects, unmarked how);
awaitable<result<void>> check_catalog(records& people, catalog& items, unmarked how);
awaitable<result<void>> check_stores(records& people, object_store& objects, catalog& items, unmarked how);

// Marks both as belonging to these records, whatever marks they had.
awaitable<result<void>> adopt_stores(records& people, object_store& objects, catalog& items);

}  // namespace dossier::domain
