// The records store: people, the rows of their files, and the tasks that are owed. The domain owns this
// interface; stores/sql implements it.
//
// Every method is one transaction (but see renew_leases()): it happens as a whole and durably, or not at all.
// Errors common to all: unavailable (the store cannot be reached), no_space, internal. If the store itself
// cannot tell whether it happened (the connection broke during the commit, a sync failed), the error has
// may_have_happened set; otherwise it did not happen. Times come from the clock of the store, so the clocks
// of nodes need not agree.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/async.h"
#include "base/result.h"
#include "domain/accounts.h"
#include "domain/belonging.h"
#include "domain/people_query.h"
#include "domain/values.h"

namespace dossier::domain {

// Tasks: what is still to be done for a file ("owed"). A file has one task at most: a later one replaces it.
//
//   uploading --commit--> stored --delete--> deleting --erased--> (row gone)
//       `--lease ended, or given up--> deleting
//
//   reap   the upload never finished: make it `deleting`         due when its lease ends
//   index  write the file's catalog item                         owed at commit, and when the name changes
//   erase  erase the object and the item, then the row           owed at delete and after reap
// The databases store these numbers, so they never change.
enum class file_state { uploading = 0, stored = 1, deleting = 2 };
enum class task_kind { reap = 0, index = 1, erase = 2 };

// A task that a worker has leased, with all that is needed to do it.
struct task {
  task_kind kind = task_kind::index;
  lease_token lease;
  // Grows each time the task is replaced by a later one. The lease is kept then, so that two tasks of one
  // file never run at the same time. If a worker completes an older generation, the task is only released.
  std::int64_t generation = 0;
  int attempts = 0;          // attempts that failed so far
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

using base::result;
using std::chrono::milliseconds;

// An Idempotency-Key. The scope says what was submitted with it ("people", "people/7/files"), and by which
// account
// ("people of account 3"), because a key belongs to who sent it.
struct idempotency_key {
  std::string scope;
  std::string key;
};

// Keys of this scope are never forgotten, so that nothing is imported twice.
inline constexpr std::string_view import_scope = "import";

// The result of an earlier submission with the same key.
struct earlier_submission {
  sha256_digest fingerprint;  // of all that was submitted
  person_id person;
  bool operator==(const earlier_submission&) const = default;
};

struct begin_file_request {
  lease_token lease;  // one per submission, for all its files and its claim
  milliseconds lease_for{};
  object_key key;
  std::string name;
  std::optional<idempotency_key> claim;
};

struct stored_file {
  file_id id;
  std::uint64_t size = 0;
  sha256_digest digest = {};
  std::string media_type;
};

struct commit_request {
  lease_token lease;
  milliseconds lease_for{};
  std::optional<person_id> person;         // whose files these are; empty: a new person
  std::optional<domain::details> details;  // of the new person
  std::optional<person_id> new_id = {};    // of the new person, chosen by the caller; empty: the next one
  std::vector<stored_file> files;
  std::optional<idempotency_key> claim;
  sha256_digest fingerprint = {};
  int most_files = 1'000;  // that a person may have, including these
  actor by = {};
};

// What a receipt's link leads to.
struct receipt {
  person_id person;
  bool unchanged = false;  // the record is still as it was submitted; false also if it was deleted
  base::time_point ends_at;
};

class records {
 public:
  virtual ~records() = default;

  // --- Submitting (intake.h)

  // Inserts the row of a file that is about to be uploaded, and the `reap` task due when its lease ends. With
  // a claim, first claims that key for this lease. If the key was used already, returns that earlier
  // submission and inserts nothing. conflict with retry_after: another lease holds the key.
  virtual awaitable<result<std::variant<file_id, earlier_submission>>> begin_file(
      begin_file_request request) = 0;

  // Extends these leases, for all files and claims that they hold. A lease that has ended stays ended. Many
  // leases take several transactions: after an error, some of them may have been extended.
  virtual awaitable<result<void>> renew_leases(std::vector<lease_token> leases, milliseconds lease_for) = 0;

  // Stores the person and the files, replaces each `reap` by an `index`, writes the history and marks the key
  // as used: all of it or nothing. If the key was used already, returns that earlier submission. conflict: a
  // file's lease has ended (nothing was kept; the files are being reaped), another lease holds the key, or
  // another person has new_id. not_found: the person to add files to does not exist. invalid, with the field
  // file_name: the person would have more than most_files. Ids that the store gives later are larger than
  // new_id.
  // Returns the person as the transaction left them, so that nothing needs to be read after it. After an
  // error with may_have_happened set, call it again: it returns the same person if it did happen.
  virtual awaitable<result<std::variant<person, earlier_submission>>> commit_submission(
      commit_request request) = 0;

  // The submission that used this key; empty if none did.
  virtual awaitable<result<std::optional<earlier_submission>>> find_submission(idempotency_key key) = 0;

  // A link with which whoever submitted this new person sees what was stored, for so long. A person has one
  // at most: another one replaces it, and ends when it would have ended.
  virtual awaitable<result<void>> add_receipt(person_id person, sha256_digest secret,
                                              milliseconds valid_for) = 0;
  // Empty: there is none, or it has ended.
  virtual awaitable<result<std::optional<receipt>>> find_receipt(sha256_digest secret) = 0;

  // Gives up a submission: the uploading files of this lease become `deleting`, with an `erase` that is due
  // now, and its claim is dropped. What was committed is not changed.
  virtual awaitable<result<void>> abandon_submission(lease_token lease) = 0;

  // --- People and files

  virtual awaitable<result<person>> find_person(person_id id) = 0;          // not_found
  virtual awaitable<result<file>> find_file(file_id id) = 0;                // not_found
  virtual awaitable<result<files_page>> list_files(files_query query) = 0;  // not_found: no such person
  // unavailable: too many long reads wait already; invalid: too many people would have to be searched.
  virtual awaitable<result<people_page>> list_people(people_query query) = 0;
  virtual awaitable<result<std::vector<history_entry>>> history(person_id id, int limit) = 0;  // newest first
  // Brings the search index up to date, by one batch of limited size: adds people who are new or were
  // changed, removes those who were deleted, and folds again what an earlier version of the text policy
  // folded. Returns whether there is more to do now. Searches find everybody in any case, but take longer the
  // more people are missing from the index. `at_once`: does not wait until there are enough people for a
  // batch. Does nothing while another node does it.
  virtual awaitable<result<bool>> tend_search(bool at_once) = 0;
  // Suggestions: the values of the newest people in this text field (an index of detail_fields()), the newest
  // first, each once.
  virtual awaitable<result<std::vector<std::string>>> recent_values(std::size_t field, int limit) = 0;

  // Replaces the details. If the name changed, inserts an `index` for each file. not_found; stale: the
  // version is not the expected one (empty: any version is accepted).
  virtual awaitable<result<person>> update_person(person_id id, domain::details details,
                                                  std::optional<std::int64_t> expected_version,
                                                  actor by = {}) = 0;
  // The person is invisible at once; the files become `deleting`, with an `erase` due now. not_found, stale.
  virtual awaitable<result<void>> delete_person(person_id id, std::optional<std::int64_t> expected_version,
                                                actor by = {}) = 0;
  // The file becomes `deleting`, with an `erase` due now, and the person's version grows. not_found.
  virtual awaitable<result<void>> delete_file(file_id id, actor by = {}) = 0;

  // --- Tasks (worker.h)

  // Leases up to `limit` due tasks: those that have been due longest. A task whose lease has ended may be
  // leased again.
  virtual awaitable<result<std::vector<task>>> lease_tasks(lease_token lease, int limit,
                                                           milliseconds lease_for) = 0;
  // Turns a leased `reap` into an `erase` under the same lease, and its file into `deleting`. Returns the
  // changed task. conflict: the file is no longer `uploading`, its lease was renewed, or the task is no
  // longer leased by this worker.
  virtual awaitable<result<task>> begin_reap(task leased) = 0;
  // Confirms tasks that were done. An `index` task is removed. An `erase` task is removed with its file row
  // or, if `erase_again_after` is set, is due once more after that time (for a late write of a node that
  // stood still). A task that was replaced while it was leased (its generation grew) is only released, due
  // now. A task that this lease no longer holds is not changed. But an `index` that was done after its lease
  // had ended may have overwritten a newer item, or come after the erase. Then the task that fits the state
  // of the file is owed again (an `erase` of its key if there is no row any more).
  virtual awaitable<result<void>> complete_tasks(std::vector<finished_task> done) = 0;
  // Releases a leased task that failed, makes it due again after `delay` and counts the attempt. A task that
  // this lease no longer holds is treated as in complete_tasks(), because a call that failed may have had its
  // effect.
  virtual awaitable<result<void>> retry_task(task leased, milliseconds delay) = 0;
  // How long until the next task is due (zero: now); empty if none is owed.
  virtual awaitable<result<std::optional<milliseconds>>> next_task_due() = 0;
  virtual awaitable<result<task_statistics>> task_stats() = 0;
  // Forgets receipts that have ended, idempotency keys older than this (but never those of import_scope), and
  // claims whose lease has ended; a limited number in each call, so that others do not wait for long. Returns
  // whether there may be more.
  virtual awaitable<result<bool>> forget_keys(milliseconds older_than) = 0;

  // --- Comparing the stores (doctor.h)

  // The file rows after this id, in order of id, in any state. An empty answer: there are no more.
  virtual awaitable<result<std::vector<file_row>>> scan_files(file_id after, int limit) = 0;
  virtual awaitable<result<std::optional<file_row>>> find_row(object_key key) = 0;
  // The rows of those keys that have one, in any order.
  virtual awaitable<result<std::vector<file_row>>> find_rows(std::vector<object_key> keys) = 0;
  // For an object or item without a row: inserts a row in `deleting` with an `erase` due now. Does nothing if
  // the key has a row.
  virtual awaitable<result<void>> adopt_orphan(object_key key) = 0;
  // Inserts the task that each of these rows lacks: `index` for stored, `erase` for deleting, `reap` for
  // uploading. A stored row gets an `index` even if one is owed already.
  virtual awaitable<result<void>> owe_tasks(std::vector<file_id> files) = 0;

  // The identity of these records, generated once, when the store was created.
  virtual awaitable<result<records_identity>> identity() = 0;

  // Who may sign in. It belongs to this store.
  virtual account_store& accounts() = 0;
  // Who did what. It belongs to this store too; what changes something notes in it who does it (`by`).
  virtual audit_log& audit() = 0;

  // Succeeds when the store answers; for /healthz.
  virtual awaitable<result<void>> check() = 0;
};

}  // namespace dossier::domain
