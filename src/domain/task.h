// What is owed for a file. A file has one task at most: a later intent replaces an earlier one.
//
//   uploading --commit--> stored --delete--> deleting --erased--> (row gone)
//       `--lease ended, or given up--> deleting
//
//   reap   the upload never finished: make it `deleting`         due when its lease ends
//   index  write the file's catalog item                         owed at commit and at a rename
//   erase  object and item go, then the row                      owed at delete and after reap
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "domain/values.h"

namespace dossier::domain {

enum class file_state { uploading, stored, deleting };
enum class task_kind { reap, index, erase };

// A task that was leased to be done, with all that doing it needs.
struct task {
  task_kind kind = task_kind::index;
  lease_token lease;
  // Grows when the intent changes while the task is leased. The lease stays, so that two tasks of one file
  // never run at the same time; completing the older generation only releases it.
  std::int64_t generation = 0;
  int attempts = 0;          // failed ones so far
  bool erase_again = false;  // an `erase` that must be repeated after a grace period before the row goes
  domain::file file;         // its person's id is 0 when it has none
  std::string author;        // the person's name; empty when there is none
};

struct finished_task {
  domain::task task;
  std::optional<std::chrono::milliseconds> erase_again_after;
};

struct task_statistics {
  std::int64_t owed = 0;
  std::int64_t reap = 0;  // of these, uploads that are going on or were cut off
  std::int64_t index = 0;
  std::int64_t erase = 0;
  std::int64_t failing = 0;                     // with at least one failed attempt
  std::chrono::milliseconds oldest_overdue{0};  // how long the oldest due task has been due
};

// A file's row as the doctor sees it.
struct file_row {
  domain::file file;
  file_state state = file_state::uploading;
  std::string author;
  std::optional<task_kind> owed;
  bool overdue = false;  // the owed task is due now
};

}  // namespace dossier::domain
