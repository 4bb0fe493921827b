// How many objects no row names: asked before they are erased. A few may have been left by other programs.
// Many mean that these are not the records of these files (an old backup, a wrong name): then erasing the
// objects loses the files.
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
  // More than a tenth of all: these are erased only when the operator says so.
  bool too_many_to_erase() const;
};

awaitable<result<object_count>> count_unknown_objects(records& people, object_store& objects);

// conflict, with how many there are and what to do, when too many would be erased.
awaitable<result<void>> check_unknown_objects(records& people, object_store& objects);

}  // namespace dossier::domain
