// Compares the three stores and says what differs. Runs beside a serving process: what is in flight is not a
// difference. Mends through tasks only; what cannot be mended (bytes that are gone) it says.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/result.h"
#include "domain/catalog.h"
#include "domain/object_store.h"
#include "domain/records.h"

namespace dossier::domain {

enum class finding_kind {
  missing_object,     // a stored file without its bytes: lost; restore from a backup, or delete the file
  wrong_size,         // the object is not as long as its row says: as above
  damaged_object,     // the bytes are not those of the SHA-256 (only when asked to read them)
  orphan_object,      // bytes that no row names: repair erases them
  unfinished_object,  // part of an upload that was cut off, and no row: repair erases it
  missing_item,       // a stored file without its catalog item and without a task owed: repair writes it
  stale_item,         // an item that differs from its row: repair writes it again
  orphan_item,        // a catalog item that no row names: repair erases it
  missing_task,       // an uploading or deleting row that nothing will finish: repair inserts the task
};

struct finding {
  finding_kind kind;
  object_key key;
  file_id file;      // 0 when there is no row
  person_id person;  // 0 when there is none
  bool mendable = true;
};

struct doctor_report {
  std::vector<finding> findings;  // the first max_findings of them
  std::int64_t total_findings = 0;
  std::int64_t files = 0;  // stored ones compared
  std::int64_t objects = 0;
  std::int64_t items = 0;
  std::int64_t in_progress = 0;  // uploading or deleting, with their task owed
  std::int64_t repaired = 0;     // tasks inserted
  // Names among the objects that are not ours, the first of them. They are left alone, and no difference.
  std::vector<std::string> strangers;
  bool in_step() const { return total_findings == 0; }
};

struct doctor_options {
  bool repair = false;
  bool read_bytes = false;  // also hash every object
  // Repair erases what no row names however much that is (unknown_objects.h).
  bool erase_unknown = false;
  int max_findings = 1000;
};

const char* to_string(finding_kind kind);   // "missing_object", as --json prints it
const char* what_to_do(finding_kind kind);  // one sentence

awaitable<result<doctor_report>> examine(records& people, object_store& objects, catalog& items,
                                         doctor_options options);

// Owes `index` for every stored file and erases items without a row; answers how many files.
awaitable<result<std::int64_t>> rebuild_catalog(records& people, catalog& items);

}  // namespace dossier::domain
