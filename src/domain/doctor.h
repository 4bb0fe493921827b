// Compares the three stores and says what differs. It may run while another process serves: uploads and
// deletions in progress are not differences. It repairs only by inserting tasks, and reports what cannot be
// repaired (lost bytes).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/expects.h"
#include "base/result.h"
#include "domain/catalog.h"
#include "domain/object_store.h"
#include "domain/records.h"
#include "domain/values.h"

namespace dossier::domain {

// The files that the doctor has seen in a store: one bit for each id in a window of ids, so that memory does
// not grow with the store. The doctor first lists the store, and then reads the rows.
class seen_files {
 public:
  static constexpr std::int64_t window = std::int64_t{1} << 26;  // ids; 8 MiB when all were seen

  // The window begins with the id after this one.
  explicit seen_files(std::int64_t after = 0) : after_(after) {
    base::expects(after >= 0, "a window begins at the first id or later");
  }

  void add(file_id which) {
    const auto at = which.value - after_ - 1;
    if (at < 0 || at >= window) return;
    const auto index = static_cast<std::size_t>(at);
    if (index >= bits_.size()) bits_.resize(index + 1);
    bits_[index] = true;
  }
  bool has(file_id which) const {
    const auto at = which.value - after_ - 1;
    return at >= 0 && static_cast<std::size_t>(at) < bits_.size() && bits_[static_cast<std::size_t>(at)];
  }

 private:
  std::int64_t after_;
  std::vector<bool> bits_;
};

enum class finding_kind {
  missing_object,     // a stored file without its bytes: lost; restore from a backup, or delete the file
  wrong_size,         // the object's size differs from that in its row: as above
  damaged_object,     // the bytes do not match the SHA-256 (only with read_bytes): as above
  orphan_object,      // bytes that no row names: repair erases them
  unfinished_object,  // part of an interrupted upload that no row names: repair erases it
  missing_item,       // a stored file with neither a catalog item nor a task: repair writes the item
  stale_item,         // an item that differs from its row: repair writes it again
  orphan_item,        // a catalog item that no row names: repair erases it
  missing_task,       // an uploading or deleting row without its task: repair inserts the task
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
  std::int64_t files = 0;  // stored files that were compared
  std::int64_t objects = 0;
  std::int64_t items = 0;
  std::int64_t in_progress = 0;  // files that are uploading or deleting, and have a task
  std::int64_t repaired = 0;     // tasks inserted
  // Names in the object store that Dossier did not make; only the first ones. They are no difference.
  std::vector<std::string> strangers;
  bool in_step() const { return total_findings == 0; }
};

struct doctor_options {
  bool repair = false;
  bool read_bytes = false;  // also hash every object
  // Repair erases objects that no row names even if they are many (unknown_objects.h).
  bool erase_unknown = false;
  int max_findings = 1000;
};

const char* to_string(finding_kind kind);   // "missing_object", as --json prints it
const char* what_to_do(finding_kind kind);  // one or two sentences for people

// Compares the stores. Repairs are tasks that are inserted: a worker must do them afterwards. conflict:
// without erase_unknown, a repair would erase too many objects; nothing was changed.
awaitable<result<doctor_report>> examine(records& people, object_store& objects, catalog& items,
                                         doctor_options options);

// Inserts an `index` task for every stored file, and erases items that no row names. Returns the number of
// files.
awaitable<result<std::int64_t>> rebuild_catalog(records& people, catalog& items);

}  // namespace dossier::domain
