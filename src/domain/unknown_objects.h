// Counts the objects that no row names, before they are erased. A few may have been left by other programs.
// If they are many, these are probably not the records of these files (an old backup, a wrong name), and
// erasing the objects would lose the files.
#pragma once

#include <cstdint>

#include "base/async.h"
#include "base/result.h"
#include "domain/object_store.h"
#include "domain/records.h"

namespace dossier::domain {

struct object_count {
  std::int64_t objects = 0;
  std::int64_t unknown = 0;  // no row names them
  // True for more than a tenth of all objects: these are erased only if the operator says so.
  bool too_many_to_erase() const;
};

awaitable<result<object_count>> count_unknown_objects(records& people, object_store& objects);

// conflict: too many would be erased; the message says how many, and what to do.
awaitable<result<void>> check_unknown_objects(records& people, object_store& objects);

}  // namespace dossier::domain
