// Whose files and whose catalog these are. Every records store has an identity of its own; the objects and
// the catalog carry the identity of the records that they belong to. Beside other records every file would be
// one that no row names, and whoever clears up would erase them all.
//
// A store without a mark (new, or from before there were marks) gets its records' at the first start, when it
// holds what these records name, or is empty and they have no files yet. A mark that differs is an error
// until somebody decides: `dossier adopt`.
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

// What a store that belongs to records keeps beside its contents. Errors: unavailable, no_space, internal.
class marked_store {
 public:
  virtual ~marked_store() = default;
  // Nothing when it has no mark.
  virtual awaitable<result<std::optional<records_identity>>> owner() = 0;
  // Marks it, unless it has a mark; answers the one that it has then. Durable. Two who claim it at the same
  // time get the same answer.
  virtual awaitable<result<records_identity>> claim(records_identity who) = 0;
  // Marks it, whatever mark it had. Durable.
  virtual awaitable<result<void>> give(records_identity who) = 0;
};

bool is_identity(std::string_view text);

// adopt: a store without a mark gets one where that is safe. look: nothing is written.
enum class unmarked { adopt, look };

// conflict: it belongs to others, or has no mark and holds nothing that these records name; the message is
// for whoever runs this, and says what to do. Other errors: it could not be found out.
awaitable<result<void>> check_objects(records& people, object_store& objects, unmarked how);
awaitable<result<void>> check_catalog(records& people, catalog& items, unmarked how);
awaitable<result<void>> check_stores(records& people, object_store& objects, catalog& items, unmarked how);

// Both belong to these records from now on, whoever had them.
awaitable<result<void>> adopt_stores(records& people, object_store& objects, catalog& items);

}  // namespace dossier::domain
