// The name of each kind of finding, and what to do about it.
#include "base/expects.h"
#include "domain/doctor.h"

namespace dossier::domain {

const char* to_string(finding_kind kind) {
  switch (kind) {
    case finding_kind::missing_object:
      return "missing_object";
    case finding_kind::wrong_size:
      return "wrong_size";
    case finding_kind::damaged_object:
      return "damaged_object";
    case finding_kind::orphan_object:
      return "orphan_object";
    case finding_kind::unfinished_object:
      return "unfinished_object";
    case finding_kind::missing_item:
      return "missing_item";
    case finding_kind::stale_item:
      return "stale_item";
    case finding_kind::orphan_item:
      return "orphan_item";
    case finding_kind::missing_task:
      return "missing_task";
  }
  base::not_reached();
}

const char* what_to_do(finding_kind kind) {
  switch (kind) {
    case finding_kind::missing_object:
      return "The file's bytes are gone. Restore them from a backup, or remove the file from its person.";
    case finding_kind::wrong_size:
      return "The file's bytes are not as many as were stored. Restore them from a backup, or remove the "
             "file.";
    case finding_kind::damaged_object:
      return "The file's bytes have changed since they were stored. Restore them from a backup, or remove "
             "the file.";
    case finding_kind::orphan_object:
      return "Bytes that belong to no file. --repair erases them.";
    case finding_kind::unfinished_object:
      return "Part of an upload that was cut off. --repair erases it.";
    case finding_kind::missing_item:
      return "The file is not in the catalog. --repair writes it there.";
    case finding_kind::stale_item:
      return "The catalog describes the file wrongly. --repair writes it again.";
    case finding_kind::orphan_item:
      return "The catalog lists a file that does not exist. --repair removes it.";
    case finding_kind::missing_task:
      return "An upload or a deletion that nothing will finish. --repair finishes it.";
  }
  base::not_reached();
}

}  // namespace dossier::domain
